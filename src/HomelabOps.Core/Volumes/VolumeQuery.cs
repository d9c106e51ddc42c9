using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Probing;

namespace HomelabOps.Core.Volumes;

/// <summary>Which claims and volumes to read.</summary>
public sealed record VolumeQuery
{
    /// <summary>Names of claims and volumes, and namespaces.</summary>
    public ObjectQuery Objects { get; init; } = new();

    /// <summary>Applications, with wildcards; empty for all.</summary>
    public IReadOnlyList<string> Apps { get; init; } = [];

    /// <summary>Only volumes without a claim.</summary>
    public bool Unclaimed { get; init; }

    /// <summary>Objects that lead to storage: claims, volumes, pods, nodes and applications. Empty for none.</summary>
    public IReadOnlyList<ResourceReference> References { get; init; } = [];

    /// <summary>The settings of the homelab, which say what claims are called.</summary>
    public HomelabConfig Config { get; init; } = new();

    /// <summary>How to look on the nodes for the folders of volumes; null to leave that.</summary>
    internal ProbeOptions? Probe { get; init; }

    // Names may be of volumes, which are in no namespace.
    internal ListQuery ToListQuery() => References.Count > 0 ? new ListQuery() : new ObjectQuery { Namespaces = Objects.Namespaces }.ToListQuery();
}
