using HomelabOps.Core.Kubernetes.Probing;

namespace HomelabOps.Core.Backups;

/// <summary>Which backups of a cluster are meant.</summary>
internal sealed record BackupQuery
{
    /// <summary>Names of applications, with wildcards; empty for all.</summary>
    public IReadOnlyList<string> Apps { get; init; } = [];

    /// <summary>What they are; archives are in no cluster.</summary>
    public IReadOnlyList<BackupKind> Kinds { get; init; } = [];

    /// <summary>The settings of the homelab.</summary>
    public HomelabConfig Config { get; init; } = new();

    /// <summary>How the nodes are reached.</summary>
    public ProbeOptions Probe { get; init; } = new();

    /// <summary>Whether an application is asked for.</summary>
    public bool Accepts(string app) => Apps.Count == 0 || Apps.Any(pattern => ResourcePattern.Matches(pattern, app));
}
