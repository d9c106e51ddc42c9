using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Applications;

/// <summary>Where volumes can be mounted, and which side a node is.</summary>
/// <param name="nodes">The nodes by name.</param>
/// <param name="config">What is primary and what is backup.</param>
internal sealed class AppNodes(IReadOnlyDictionary<string, NodeWire> nodes, HomelabConfig config)
{
    /// <summary>The only node that can mount a volume; empty when several can, or none is known.</summary>
    public string HomeOf(VolumeAffinityWire? affinity) => affinity?.Required is { } required
        && nodes.Values.Where(node => NodeTerms.Select(required, node)).Take(2).ToArray() is [var only]
            ? only.Metadata.Name
            : "";

    /// <summary>The side of a node, by its name, else by its label.</summary>
    public HomelabSide? SideOf(string node)
    {
        var role = nodes.GetValueOrDefault(node)?.Metadata.Labels?.GetValueOrDefault(config.NodeRoleLabel);
        return node.Length == 0 ? null
            : node == config.PrimaryNode ? HomelabSide.Primary
            : node == config.BackupNode ? HomelabSide.Backup
            : Enum.TryParse<HomelabSide>(role, ignoreCase: true, out var side) && Enum.IsDefined(side) ? side : null;
    }
}
