namespace HomelabOps;

/// <summary>What came of one run of a check.</summary>
public sealed record HomelabCheckResult
{
    /// <summary>Name of the check.</summary>
    public string Name { get; init; } = "";

    /// <summary>When it ran, local time.</summary>
    public DateTime Time { get; init; }

    /// <summary>Nothing is wrong that is worse than good to know, and nothing that was wrong is unknown now.</summary>
    public bool Healthy { get; init; }

    /// <summary>All that was to be looked at could be read.</summary>
    public bool Complete { get; init; }

    /// <summary>Something is wrong that nobody was told of yet, or is not wrong any more.</summary>
    public bool Changed { get; init; }

    /// <summary>Somebody was told of the change.</summary>
    public bool Notified { get; init; }

    /// <summary>What is wrong now, the worst first.</summary>
    public IReadOnlyList<HomelabFinding> Findings { get; init; } = [];

    /// <summary>What was not wrong before.</summary>
    public IReadOnlyList<HomelabFinding> New { get; init; } = [];

    /// <summary>What is not wrong any more.</summary>
    public IReadOnlyList<string> Gone { get; init; } = [];

    /// <summary>What was wrong before, and of which nobody knows now, since it cannot be looked at.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>All of it in one line.</summary>
    public string Message { get; init; } = "";

    /// <summary>The message.</summary>
    public override string ToString() => Message;
}
