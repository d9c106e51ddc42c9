using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Replication;

/// <summary>Which replications to read.</summary>
public sealed record ReplicationQuery
{
    /// <summary>Names, namespaces and label selector.</summary>
    public ObjectQuery Objects { get; init; } = new();

    /// <summary>Applications, as <c>name</c> or <c>namespace/name</c>, with wildcards; empty for all.</summary>
    public IReadOnlyList<ResourcePattern> Apps { get; init; } = [];

    /// <summary>Objects that lead to replications: these themselves, applications, pods, claims, nodes. Empty for none.</summary>
    public IReadOnlyList<ResourceReference> References { get; init; } = [];

    /// <summary>The time by which is judged what is late; null for ours.</summary>
    internal DateTimeOffset? Now { get; init; }

    /// <summary>The pods of the whole cluster, where somebody has read them already; null to read them.</summary>
    internal Task<ReplicationPods>? Pods { get; init; }

    /// <summary>The settings of the homelab, which say how claims are called.</summary>
    public HomelabConfig Config { get; init; } = new();
}
