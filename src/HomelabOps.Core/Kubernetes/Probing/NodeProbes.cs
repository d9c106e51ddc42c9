using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Kubernetes.Probing;

/// <summary>Looks at nodes through short-lived pods, at all of them at the same time.</summary>
internal static class NodeProbes
{
    // Pods that are made and read at the same time; more would only wait for the API server.
    private const int Most = 32;

    /// <summary>The nodes that are meant.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Names and label selector.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The nodes, and an error for each literal name that none has.</returns>
    public static async Task<(IReadOnlyList<NodeWire> Nodes, IReadOnlyList<HomelabException> Missing)> FindNodesAsync(ClusterClient client, ObjectQuery query, CancellationToken cancellationToken)
    {
        var filter = new ObjectFilter(query);
        var nodes = new List<NodeWire>();
        await foreach (var node in client.ListAsync(ResourceType.Node, query.ToListQuery(), WireContext.Default.NodeWire, cancellationToken: cancellationToken))
        {
            if (filter.Accepts("Node", "", node.Metadata.Name))
            {
                nodes.Add(node);
            }
        }

        return (nodes, [.. filter.Missing(client.Name, "Node")]);
    }

    /// <summary>
    /// Makes a pod on each node, does something with it and deletes it. A node that cannot be looked at says why, and the
    /// others go on. That pods may not be created at all is an exception.
    /// </summary>
    /// <param name="client">The cluster.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="options">How the pods are made.</param>
    /// <param name="command">What runs in the pod of a node.</param>
    /// <param name="work">Waits for the pod and reads it; cancelled when the node's time is over.</param>
    /// <param name="cancellationToken">Ends everything. The pods are deleted all the same.</param>
    /// <exception cref="HomelabException">AccessDenied, NamespaceNotFound, and what ends every request.</exception>
    public static async IAsyncEnumerable<NodeProbe<T>> RunAsync<T>(
        ClusterClient client,
        IReadOnlyList<NodeWire> nodes,
        ProbeOptions options,
        Func<NodeWire, IReadOnlyList<string>> command,
        Func<ProbePod, CancellationToken, Task<T>> work,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        await using var run = new ProbeRun(client, options);
        using var slots = new SemaphoreSlim(Most);
        await foreach (var probe in Merge.All([.. nodes.Select(node => OneAsync(run, slots, node, options, command(node), work, cancellationToken))], cancellationToken))
        {
            yield return probe;
        }
    }

    private static async IAsyncEnumerable<NodeProbe<T>> OneAsync<T>(
        ProbeRun run,
        SemaphoreSlim slots,
        NodeWire node,
        ProbeOptions options,
        IReadOnlyList<string> command,
        Func<ProbePod, CancellationToken, Task<T>> work,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        await slots.WaitAsync(cancellationToken);
        try
        {
            yield return await LookAsync(run, node, options, command, work, cancellationToken);
        }
        finally
        {
            slots.Release();
        }
    }

    private static async Task<NodeProbe<T>> LookAsync<T>(
        ProbeRun run,
        NodeWire node,
        ProbeOptions options,
        IReadOnlyList<string> command,
        Func<ProbePod, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Timeout);
        ProbePod? pod = null;
        try
        {
            pod = await run.StartAsync(node, command, limit.Token);
            return new(node.Metadata.Name, await work(pod, limit.Token), "");
        }
        catch (ProbeFailure failure)
        {
            return new(node.Metadata.Name, null, failure.Message) { Failure = failure.Kind };
        }
        catch (HomelabException error) when (pod is not null && !error.Terminates)
        {
            // Its kubelet gives no log, for example, while those of others do.
            return new(node.Metadata.Name, null, error.Message) { Error = error, Failure = ProbeFailureKind.Other };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(node.Metadata.Name, null, pod?.Progress(options.Timeout) ?? Errors.Text("Detail_ProbeSlow", options.Timeout.TotalSeconds)) { Failure = ProbeFailureKind.Slow };
        }
        finally
        {
            if (pod is not null)
            {
                run.Delete(pod);
            }
        }
    }
}
