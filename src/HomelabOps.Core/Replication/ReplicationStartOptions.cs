namespace HomelabOps.Core.Replication;

/// <summary>How a replication is started.</summary>
public sealed record ReplicationStartOptions
{
    /// <summary>From the beginning: an index that is made anew, locks that are taken away.</summary>
    public bool Full { get; init; }

    /// <summary>It is enough that it has begun.</summary>
    public bool NoWait { get; init; }

    /// <summary>How long each replication may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The settings of the homelab.</summary>
    public HomelabConfig Config { get; init; } = new();
}
