namespace HomelabOps;

/// <summary>What became of moving an application to another node.</summary>
public sealed record FailoverResult : HomelabRecord
{
    /// <summary>The operation, as Get-HomelabOperation knows it; empty where nothing had to be done.</summary>
    public string Id { get; init; } = "";

    /// <summary>The same, as the default view calls it.</summary>
    public string Operation => Id;

    /// <summary>Name of the application.</summary>
    public string App => Name;

    /// <summary>Node that it was moved off.</summary>
    public string From { get; init; } = "";

    /// <summary>Node that it was moved to.</summary>
    public string To { get; init; } = "";

    /// <summary>It was stopped first, on a node that was alive.</summary>
    public bool Planned { get; init; }

    /// <summary>How it ended.</summary>
    public FailoverStatus Status { get; init; }

    /// <summary>What is to be known of it; empty when there is nothing.</summary>
    public string Message { get; init; } = "";

    /// <summary>Hash of the commit; empty where nothing had to be changed.</summary>
    public string Commit { get; init; } = "";

    /// <summary>What was done, with how long it took.</summary>
    public IReadOnlyList<OperationStep> Steps { get; init; } = [];

    /// <summary>Gates that were not passed and that <c>-OverrideGate</c> named.</summary>
    public IReadOnlyList<string> Overridden { get; init; } = [];

    /// <summary>What proved that the old node was off; null where it was alive.</summary>
    public FailoverFence? Fence { get; init; }

    /// <summary>Folders of the target with the copies that were kept, as <c>node:path</c>.</summary>
    public IReadOnlyList<string> Protected { get; init; } = [];

    /// <summary>What was written in at least so long a time before is lost; zero where the application was stopped first; null when nothing tells.</summary>
    public TimeSpan? DataLossWindow { get; init; }

    /// <summary>How long all of it took.</summary>
    public TimeSpan Duration { get; init; }
}
