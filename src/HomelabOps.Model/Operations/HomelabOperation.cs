namespace HomelabOps;

/// <summary>An operation of the journal: what was planned, and how far it came.</summary>
public sealed record HomelabOperation
{
    /// <summary>Tells operations apart.</summary>
    public string Id { get; init; } = "";

    /// <summary>What it does.</summary>
    public OperationKind Kind { get; init; }

    /// <summary>How it stands.</summary>
    public OperationStatus Status { get; init; }

    /// <summary>Connection that it was begun through.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Who began it, as <c>user@machine</c>.</summary>
    public string By { get; init; } = "";

    /// <summary>When it was begun, local time.</summary>
    public DateTime Started { get; init; }

    /// <summary>When it ended, local time; null until then.</summary>
    public DateTime? Ended { get; init; }

    /// <summary>The applications, as <c>namespace/name</c>.</summary>
    public IReadOnlyList<string> Apps { get; init; } = [];

    /// <summary>Node that they are moved off.</summary>
    public string From { get; init; } = "";

    /// <summary>Node that they are moved to.</summary>
    public string To { get; init; } = "";

    /// <summary>Hash of the commit; null until it is made.</summary>
    public string? Commit { get; init; }

    /// <summary>Some application has run on the node that it was moved to, so its data there is the newer.</summary>
    public bool HasRun { get; init; }

    /// <summary>Its steps, in their order.</summary>
    public IReadOnlyList<OperationStep> Steps { get; init; } = [];

    /// <summary>Kind and id.</summary>
    public override string ToString() => $"{Kind} {Id}";
}
