using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Pods of a node that is off. Nothing there ends them, and as long as the API server has them their workloads make no others.</summary>
internal static class NodePods
{
    /// <summary>Takes pods of a node out of the API server, each by its uid so that none that came later is hit.</summary>
    /// <param name="options">The cluster and the journal.</param>
    /// <param name="node">Name of the node.</param>
    /// <param name="isMeant">Which pods, with what made them at the top.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <returns>What made them; pods of their own are not touched.</returns>
    public static async Task<IReadOnlyList<ResourceReference>> ForgetAsync(FailoverOptions options, string node, Func<PodWire, ResourceReference, bool> isMeant, CancellationToken cancellationToken)
    {
        var client = options.Client;

        // Its own kubelet ends them; taken out of the API server they would run on, and their successors beside them.
        if (await IsReadyAsync(options, node, cancellationToken))
        {
            return [];
        }

        var pods = new List<(HomelabPod Record, PodWire Pod)>();
        await foreach (var (pod, owner) in PodReader.ReadWiresAsync(client, new ListQuery { FieldSelector = $"spec.nodeName={node}" }, new(new()), new(client), cancellationToken))
        {
            if (owner is not null && isMeant(pod, owner))
            {
                pods.Add((PodMapper.Map(pod, client.Name, owner), pod));
            }
        }

        await foreach (var item in PodRemover.RunAsync(client, pods, new PodRemovalOptions { Force = true, NoWait = true }, options.Journal, cancellationToken))
        {
            if (item.Notice is FailureNotice failure)
            {
                throw failure.Error;
            }
        }

        return [.. pods.Select(pod => pod.Record.Owner!).Distinct()];
    }

    /// <summary>Whether a node is ready.</summary>
    public static async Task<bool> IsReadyAsync(FailoverOptions options, string node, CancellationToken cancellationToken) =>
        await FindNodeAsync(options, node, cancellationToken) is { } found && NodeTerms.IsReady(found);

    /// <summary>A node; null where there is none of this name.</summary>
    public static async Task<NodeWire?> FindNodeAsync(FailoverOptions options, string node, CancellationToken cancellationToken)
    {
        await foreach (var item in options.Client.ListAsync(ResourceType.Node, new ListQuery { FieldSelector = $"metadata.name={node}" }, WireContext.Default.NodeWire, cancellationToken: cancellationToken))
        {
            return item;
        }

        return null;
    }
}
