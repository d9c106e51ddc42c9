namespace HomelabOps.Core.Scheduling.Schedulers;

/// <summary>One kind of scheduler.</summary>
internal interface IScheduler
{
    /// <summary>Which kind.</summary>
    HomelabScheduler Kind { get; }

    /// <summary>Works out what has to be done.</summary>
    /// <exception cref="HomelabException">CheckInvalid: it cannot do that schedule.</exception>
    SchedulePlan Plan(ScheduledJob job);
}
