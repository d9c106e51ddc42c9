using HomelabOps.Core.Kubernetes.Probing;

namespace HomelabOps.Core.Storage;

/// <summary>Whose data on which nodes.</summary>
internal sealed record PodStorageQuery
{
    /// <summary>Applications, with wildcards; empty for all.</summary>
    public IReadOnlyList<string> Apps { get; init; } = [];

    /// <summary>Names of nodes, with wildcards; empty for the primary and the backup node.</summary>
    public IReadOnlyList<ResourcePattern> Nodes { get; init; } = [];

    /// <summary>The settings: nodes, and the folder that has a folder for each application.</summary>
    public HomelabConfig Config { get; init; } = new();

    /// <summary>How the nodes are looked at.</summary>
    public ProbeOptions Probe { get; init; } = new();

    /// <summary>The nodes by name.</summary>
    public IReadOnlyList<ResourcePattern> NodeNames => Nodes.Count > 0 ? Nodes : [.. new[] { Config.PrimaryNode, Config.BackupNode }.Distinct().Select(name => new ResourcePattern(name))];

    /// <summary>Whether an application is meant.</summary>
    public bool Accepts(string app) => Apps.Count == 0 || Apps.Any(pattern => ResourcePattern.Matches(pattern, app));
}
