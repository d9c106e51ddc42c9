namespace HomelabOps;

/// <summary>Whether an application could be moved to its other node now, and what that would lose.</summary>
public sealed record FailoverReadiness : HomelabRecord
{
    /// <summary>Name of the application.</summary>
    public string App => Name;

    /// <summary>Node that it runs on, or that its volume is bound to while it does not run.</summary>
    public string From { get; init; } = "";

    /// <summary>Node that it would be moved to.</summary>
    public string To { get; init; } = "";

    /// <summary>The move would be one from a node that is alive, with the application stopped first.</summary>
    public bool Planned { get; init; }

    /// <summary>All gates are passed.</summary>
    public bool Ready { get; init; }

    /// <summary>It runs with the data of the target already; there is nothing to move.</summary>
    public bool AtTarget { get; init; }

    /// <summary>What was looked at, in the order of its weight.</summary>
    public IReadOnlyList<FailoverGate> Gates { get; init; } = [];

    /// <summary>Claims that would be exchanged, as <c>present -> other</c>.</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];

    /// <summary>Time since the copy on the target was last known to be complete; null when nothing tells.</summary>
    public TimeSpan? DataAge { get; init; }

    /// <summary>What was written in at least so long a time before the node went away is not in the copy; zero only where the application is stopped first; null when nothing tells.</summary>
    public TimeSpan? DataLossWindow { get; init; }

    /// <summary>Bytes that would be lost at least; null where it cannot be known.</summary>
    public long? DataLossBytes { get; init; }
}
