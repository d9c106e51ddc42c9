using System.Runtime.CompilerServices;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Draining;

/// <summary>Takes nodes out of service: cordons them, evicts their pods, and gives them as they are then.</summary>
internal static class NodeSuspender
{
    /// <summary>Cordons a node and drains it. However the drain ends, the node stays cordoned.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="node">The node as it is before.</param>
    /// <param name="suspension">Who does it, why and since when; null to leave a cordoned node as it is.</param>
    /// <param name="drain">How it is drained; null to cordon only.</param>
    /// <param name="journal">Where the changes are written down.</param>
    /// <param name="cancellationToken">Ends the drain.</param>
    public static async IAsyncEnumerable<Streamed<HomelabNode>> SuspendAsync(
        ClusterClient client,
        NodeWire node,
        FluxSuspension? suspension,
        DrainOptions? drain,
        ChangeJournal journal,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (suspension is not null)
        {
            await NodeCordon.CordonAsync(client, node, suspension, journal, cancellationToken);
        }

        var reference = new ResourceReference(client.Name, "Node", "", node.Metadata.Name);
        FailureNotice? failure = null;
        if (drain is not null)
        {
            await foreach (var notice in DrainAsync(client, reference, drain, journal, cancellationToken))
            {
                failure = notice as FailureNotice ?? failure;
                if (notice is not FailureNotice)
                {
                    yield return notice;
                }
            }
        }

        await foreach (var item in ReadAsync(client, reference, cancellationToken))
        {
            yield return item;
        }

        if (failure is not null)
        {
            yield return failure;
        }
    }

    /// <summary>Lets a node take pods again, and gives it as it is then.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="node">The node.</param>
    /// <param name="removeTaint">Take the out-of-service taint away as well.</param>
    /// <param name="journal">Where the change is written down.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async IAsyncEnumerable<Streamed<HomelabNode>> ResumeAsync(ClusterClient client, NodeWire node, bool removeTaint, ChangeJournal journal, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await NodeCordon.UncordonAsync(client, node.Metadata.Name, removeTaint, journal, cancellationToken);
        await foreach (var item in ReadAsync(client, new ResourceReference(client.Name, "Node", "", node.Metadata.Name), cancellationToken))
        {
            yield return item;
        }
    }

    /// <summary>A node as it is.</summary>
    public static IAsyncEnumerable<Streamed<HomelabNode>> ReadAsync(ClusterClient client, ResourceReference node, CancellationToken cancellationToken) =>
        NodeReader.ReadAsync(client, new ObjectQuery { Names = [new ResourcePattern(node)] }, cancellationToken);

    // What ends it early is a failure of the drain: the node is cordoned, which has to be said.
    private static async IAsyncEnumerable<Notice> DrainAsync(ClusterClient client, ResourceReference node, DrainOptions options, ChangeJournal journal, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        NodeDrain? drain = null;
        IAsyncEnumerator<Notice>? notices = null;
        try
        {
            while (true)
            {
                Notice? notice = null;
                try
                {
                    drain ??= new(client, await PodEvictor.ForAsync(client, journal, cancellationToken), node, options);
                    notices ??= drain.RunAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
                    notice = await notices.MoveNextAsync() ? notices.Current : null;
                }
                catch (HomelabException error)
                {
                    notice = new FailureNotice(Errors.NodeDrainFailed(node, error.Message));
                }

                if (notice is not null)
                {
                    yield return notice;
                }

                if (notice is null or FailureNotice)
                {
                    yield break;
                }
            }
        }
        finally
        {
            if (notices is not null)
            {
                await notices.DisposeAsync();
            }

            if (cancellationToken.IsCancellationRequested)
            {
                options.Tell(Errors.Text("NodeLeftCordoned", node, drain?.Left is { Length: > 0 } left ? left : Errors.Text("Detail_NoPod")));
            }
        }
    }
}
