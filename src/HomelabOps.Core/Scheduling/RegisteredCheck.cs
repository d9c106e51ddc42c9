using HomelabOps.Core.Scheduling.Schedulers;

namespace HomelabOps.Core.Scheduling;

/// <summary>A check that is there.</summary>
/// <param name="Check">Its record; of one whose file is damaged hardly more than the name.</param>
/// <param name="Text">What its file has.</param>
/// <param name="Schedules">What runs it.</param>
internal sealed record RegisteredCheck(HomelabScheduledCheck Check, string Text, IReadOnlyList<SchedulePlan> Schedules);
