namespace HomelabOps.Core.Scheduling.Schedulers;

/// <summary>What has to be done for a scheduler to run something, and to stop doing so.</summary>
/// <param name="Target">What runs it, for people.</param>
internal sealed record SchedulePlan(string Target)
{
    /// <summary>Files with their content.</summary>
    public IReadOnlyList<(string Path, string Text)> Files { get; init; } = [];

    /// <summary>Calls that make the scheduler run it.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Enable { get; init; } = [];

    /// <summary>Calls that make it stop, before the files are deleted.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Disable { get; init; } = [];

    /// <summary>Calls for after the files were deleted.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Afterwards { get; init; } = [];

    /// <summary>Lines in the user's table of cron; empty for none.</summary>
    public IReadOnlyList<string> CronLines { get; init; } = [];

    /// <summary>The scheduler does not run here, so that what is written counts from when it does.</summary>
    public bool IsAsleep { get; init; }
}
