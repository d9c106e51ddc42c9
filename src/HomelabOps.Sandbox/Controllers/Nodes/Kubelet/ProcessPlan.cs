namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>What the main process of a container will do.</summary>
/// <param name="Lines">What it writes, in order of time.</param>
internal sealed record ProcessPlan(IReadOnlyList<LogLine> Lines)
{
    private readonly TimeSpan? _endsAfter;
    private readonly int _exitCode;

    /// <summary>The command that runs; null for what is known beforehand, all of it.</summary>
    public LiveProcess? Live { get; init; }

    /// <summary>When it ends by itself, as far as that is known; null when it does not.</summary>
    public TimeSpan? EndsAfter
    {
        get => Live is null ? _endsAfter : Live.EndsAfter;
        init => _endsAfter = value;
    }

    public int ExitCode
    {
        get => Live?.ExitCode ?? _exitCode;
        init => _exitCode = value;
    }

    /// <summary>Why it does not even start, in the runtime's words; null for one that does.</summary>
    public string? StartFailure { get; init; }

    /// <summary>What it will do once what it waits for has come; null while that has not. Absent for what waits for nothing.</summary>
    public Func<ProcessPlan?>? Next { get; init; }

    /// <summary>What it writes again and again after that, one line each time.</summary>
    public IReadOnlyList<string> Ongoing { get; init; } = [];

    /// <summary>Time between two of them.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The first line of its application's journal that is its own.</summary>
    public long JournalStart { get; init; }

    /// <summary>Folders whose files its programs serve over HTTP, by their ports.</summary>
    public IReadOnlyDictionary<int, string> Sites { get; init; } = new Dictionary<int, string>();

    /// <summary>What it listens as; null for what is no server.</summary>
    public ApplicationProfile? Application { get; init; }
}
