using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Kubernetes.Nodes;

/// <summary>Reads nodes.</summary>
public static class NodeReader
{
    /// <summary>Gives the nodes with the disk figures of their kubelets, which are asked at the same time.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which nodes.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async IAsyncEnumerable<Streamed<HomelabNode>> ReadAsync(
        ClusterClient client,
        ObjectQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(query);
        var filter = new ObjectFilter(query);
        var pending = new List<(NodeWire Node, Task<SummaryWire?> Summary)>();
        await foreach (var node in client.ListAsync(ResourceType.Node, query.ToListQuery(), WireContext.Default.NodeWire, cancellationToken: cancellationToken))
        {
            if (filter.Accepts("Node", "", node.Metadata.Name))
            {
                // The kubelet of a node that is not ready rarely answers, and asking it would hold up the others.
                pending.Add((node, NodeTerms.IsReady(node) ? KubeletSummary.TryReadAsync(client, node.Metadata.Name, cancellationToken) : Task.FromResult<SummaryWire?>(null)));
            }
        }

        foreach (var (node, summary) in pending)
        {
            var disk = (await summary)?.Node?.Fs;
            yield return NodeMapper.Map(node, client.Name, disk is { AvailableBytes: { } free, CapacityBytes: { } total } ? (free, total) : null);
        }

        foreach (var error in filter.Missing(client.Name, "Node"))
        {
            yield return new FailureNotice(error);
        }
    }
}
