using HomelabOps.Core.Kubernetes.Probing;

namespace HomelabOps.Core.Mounts;

/// <summary>Which mounts of which nodes.</summary>
internal sealed record NfsMountQuery
{
    /// <summary>Names of nodes, with wildcards; empty for those that must have the mounts.</summary>
    public IReadOnlyList<ResourcePattern> Nodes { get; init; } = [];

    /// <summary>Paths; empty for those of the settings.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>The settings, which say what should be mounted where.</summary>
    public HomelabConfig Config { get; init; } = new();

    /// <summary>How the nodes are looked at.</summary>
    public ProbeOptions Probe { get; init; } = new();
}
