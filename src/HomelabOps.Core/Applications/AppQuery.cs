using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Applications;

/// <summary>Which applications to read.</summary>
public sealed record AppQuery
{
    /// <summary>Names, namespaces and label selector.</summary>
    public ObjectQuery Objects { get; init; } = new();

    /// <summary>Objects that lead to their applications: pods, Services, claims, nodes, what applies them and so on. Empty for none.</summary>
    public IReadOnlyList<ResourceReference> References { get; init; } = [];

    /// <summary>The settings of the homelab, which say what is primary and what is backup.</summary>
    public HomelabConfig Config { get; init; } = new();

    /// <summary>Folder of the clone that the cluster follows; null when none is known.</summary>
    public string? Repository { get; init; }
}
