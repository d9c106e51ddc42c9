namespace HomelabOps;

/// <summary>What a restart of a Syncthing came to. Its kind is ReplicationSource, or Pod for a Syncthing that VolSync does not run.</summary>
public sealed record SyncthingRestart : HomelabRecord
{
    /// <summary>Application whose data it is; empty when nothing says.</summary>
    public string App { get; init; } = "";

    /// <summary>Its side.</summary>
    public SyncthingRole Role { get; init; }

    /// <summary>Names of the pods that were deleted.</summary>
    public IReadOnlyList<string> PodsDeleted { get; init; } = [];

    /// <summary>Names of the pods that are ready in their place.</summary>
    public IReadOnlyList<string> PodsReady { get; init; } = [];

    /// <summary>From the deletion until the new pods were ready.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>As many pods are ready as were deleted.</summary>
    public bool Healthy => PodsReady.Count >= PodsDeleted.Count;

    /// <summary>Flux has reconciled the storage manifests afterwards.</summary>
    public bool Reconciled { get; init; }
}
