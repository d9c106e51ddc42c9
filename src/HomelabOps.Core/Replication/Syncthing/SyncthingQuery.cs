using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Replication.Syncthing;

/// <summary>Which Syncthings are meant.</summary>
public sealed record SyncthingQuery
{
    /// <summary>Names of ReplicationSources, or of pods that VolSync does not run, and namespaces.</summary>
    public ObjectQuery Objects { get; init; } = new();

    /// <summary>Applications, as <c>name</c> or <c>namespace/name</c>, with wildcards; empty for all.</summary>
    public IReadOnlyList<ResourcePattern> Apps { get; init; } = [];

    /// <summary>Sides; empty for both.</summary>
    public IReadOnlyList<SyncthingRole> Roles { get; init; } = [];

    /// <summary>Label selector for pods: only these are meant. Null for VolSync's and those that homelab.yaml's selector finds.</summary>
    public string? PodSelector { get; init; }

    /// <summary>Objects that lead to Syncthings. Empty for none.</summary>
    public IReadOnlyList<ResourceReference> References { get; init; } = [];

    /// <summary>The pods of the whole cluster, where somebody has read them already; null to read them.</summary>
    internal Task<ReplicationPods>? Pods { get; init; }

    /// <summary>The settings of the homelab.</summary>
    public HomelabConfig Config { get; init; } = new();
}
