using System.Text;

namespace HomelabOps.Core.Scheduling.Schedulers;

/// <summary>What has to be done for a scheduler to run something, and to stop doing so.</summary>
/// <param name="Target">What runs it, for people.</param>
internal sealed record SchedulePlan(string Target)
{
    /// <summary>Files with their content.</summary>
    public IReadOnlyList<(string Path, string Text)> Files { get; init; } = [];

    /// <summary>How the files are written; null for UTF-8 without a mark.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>Calls that make the scheduler run it.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Enable { get; init; } = [];

    /// <summary>Calls that make it stop, before the files are deleted.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Disable { get; init; } = [];

    /// <summary>Asks whether the scheduler still has it, which ends with 0 where it has; empty where there is nothing to ask.</summary>
    public IReadOnlyList<string> Ask { get; init; } = [];

    /// <summary>Words of which the answer has one where it has not; empty where the code alone says so.</summary>
    public IReadOnlyList<string> Absent { get; init; } = [];

    /// <summary>The calls end with 0 also where they failed, so that there is always to be asked.</summary>
    public bool IsSilent { get; init; }

    /// <summary>Calls for after the files were deleted.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Afterwards { get; init; } = [];

    /// <summary>Lines in the user's table of cron; empty for none.</summary>
    public IReadOnlyList<string> CronLines { get; init; } = [];

    /// <summary>The scheduler does not run here, so that what is written counts from when it does.</summary>
    public bool IsAsleep { get; init; }
}
