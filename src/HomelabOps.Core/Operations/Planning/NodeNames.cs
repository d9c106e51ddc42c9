using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Operations.Planning;

/// <summary>The nodes of a cluster, and whether those that somebody named are among them.</summary>
internal static class NodeNames
{
    /// <summary>The nodes by name.</summary>
    public static async Task<IReadOnlyDictionary<string, NodeWire>> ReadAsync(ClusterClient client, CancellationToken cancellationToken)
    {
        var nodes = new Dictionary<string, NodeWire>(StringComparer.Ordinal);
        await foreach (var node in client.ListAsync(ResourceType.Node, new(), WireContext.Default.NodeWire, cancellationToken: cancellationToken))
        {
            nodes[node.Metadata.Name] = node;
        }

        return nodes;
    }

    /// <summary>Reads the nodes, and refuses a name that is none.</summary>
    /// <exception cref="HomelabException">NodeNotFound.</exception>
    public static async Task CheckAsync(ClusterClient client, HomelabConfig config, IReadOnlyList<HomelabApp> apps, string? from, string? to, CancellationToken cancellationToken)
    {
        if (from is not null || to is not null)
        {
            Check(client.Name, await ReadAsync(client, cancellationToken), config, apps, from, to);
        }
    }

    /// <summary>Refuses a name that is none: nothing would be moved, and nobody would know why.</summary>
    /// <param name="cluster">Name of the connection.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="config">What is primary and what is backup.</param>
    /// <param name="apps">The applications.</param>
    /// <param name="from">The node that they are to leave; one that the cluster has given up already counts where something of them is still bound to it.</param>
    /// <param name="to">The node that they are to come to.</param>
    /// <exception cref="HomelabException">NodeNotFound.</exception>
    public static void Check(string cluster, IReadOnlyDictionary<string, NodeWire> nodes, HomelabConfig config, IReadOnlyList<HomelabApp> apps, string? from, string? to)
    {
        bool IsGone(string name) => name == config.PrimaryNode || name == config.BackupNode || config.Nodes.Any(node => node.Name == name)
            || apps.Any(app => app.Node == name || app.HomeNode == name || app.Nodes.Contains(name) || app.Volumes.Any(volume => volume.Node == name));
        var unknown = to is not null && !nodes.ContainsKey(to) ? to : from is not null && !nodes.ContainsKey(from) && !IsGone(from) ? from : null;
        if (unknown is not null)
        {
            throw Errors.ObjectNotFound(cluster, "Node", "node", unknown, null);
        }
    }
}
