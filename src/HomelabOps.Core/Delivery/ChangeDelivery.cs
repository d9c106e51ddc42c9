using System.Runtime.CompilerServices;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Delivery;

/// <summary>Brings a commit that was pushed to the cluster, and waits until what it changes runs.</summary>
internal static class ChangeDelivery
{
    /// <summary>Reconciles Kustomizations from the top down, then waits for the workload.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="commit">Hash of the commit.</param>
    /// <param name="kustomizations">What is built from the changed files, as <c>namespace/name</c>.</param>
    /// <param name="workload">What must run in the end; null for nothing.</param>
    /// <param name="timeout">How long each object may take.</param>
    /// <param name="journal">Where the requests are written down.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What there is to tell, and in the end whether the commit was applied and runs.</returns>
    public static async IAsyncEnumerable<Streamed<bool>> RunAsync(
        ClusterClient client,
        string commit,
        IReadOnlyList<string> kustomizations,
        ResourceReference? workload,
        TimeSpan timeout,
        ChangeJournal journal,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Of a record without cluster nobody would know that it is a workload and not an object of Flux.
        workload = workload is null ? null : new(client.Name, workload.Kind, workload.Namespace, workload.Name);
        bool? isApplied = null;
        var streams = new List<IAsyncEnumerable<Streamed<bool>>> { ApplyAsync(client, commit, kustomizations, timeout, journal, cancellationToken) };
        if (workload is not null)
        {
            streams.Add(TroubleAsync(client, commit, workload, journal, cancellationToken));
        }

        await foreach (var item in Merge.All(streams, cancellationToken))
        {
            if (item.Notice is null)
            {
                isApplied = item.Value;
                break;
            }

            yield return item;
            if (item.Notice is FailureNotice { Error.Id: nameof(Errors.RolloutFailed) })
            {
                break;
            }
        }

        var runs = isApplied == true;
        if (runs && workload is not null)
        {
            // Flux waits for it only where spec.wait says so.
            await foreach (var item in DeliveryWaiter.WaitAsync(client, workload, new DeliveryOptions { Timeout = timeout }, journal, cancellationToken))
            {
                if (item.Notice is { } notice)
                {
                    yield return notice;
                }
                else
                {
                    runs = item.Value!.Complete;
                }
            }
        }

        yield return runs;
    }

    // Applied means at this very commit: the cluster may follow another repository.
    private static async IAsyncEnumerable<Streamed<bool>> ApplyAsync(
        ClusterClient client,
        string commit,
        IReadOnlyList<string> kustomizations,
        TimeSpan timeout,
        ChangeJournal journal,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (applied, others) = (0, 0);
        await foreach (var item in FluxFollowUp.RunAsync(client, kustomizations, timeout, journal, cancellationToken))
        {
            if (item.Notice is { } notice)
            {
                yield return notice;
            }
            else
            {
                var isApplied = item.Value!.Healthy && item.Value.Revision?.EndsWith(commit, StringComparison.Ordinal) == true;
                (applied, others) = isApplied ? (applied + 1, others) : (applied, others + 1);
            }
        }

        yield return applied > 0 && others == 0;
    }

    // A Kustomization that waits for its objects is done only when its time is over, where pods say much earlier that they
    // never will be. All else that goes wrong the reconciliation tells as well.
    private static async IAsyncEnumerable<Streamed<bool>> TroubleAsync(
        ClusterClient client,
        string commit,
        ResourceReference workload,
        ChangeJournal journal,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // What is new has no pods of before, whose trouble would be that of another commit.
        var isNew = await AwaitCreationAsync(client, workload, cancellationToken);
        var options = new DeliveryOptions { Commit = isNew ? null : commit, Timeout = Timeout.InfiniteTimeSpan };
        await foreach (var item in DeliveryWaiter.WaitAsync(client, workload, options, journal, cancellationToken))
        {
            if (item.Notice is FailureNotice { Error.Id: nameof(Errors.RolloutFailed) } failure)
            {
                yield return failure;
            }
        }
    }

    private static async Task<bool> AwaitCreationAsync(ClusterClient client, ResourceReference workload, CancellationToken cancellationToken)
    {
        if (await WorkloadTypes.FindAsync(client, workload.Kind, cancellationToken) is not { } type || await WorkloadReader.FindAsync(client, workload, cancellationToken) is not null)
        {
            return false;
        }

        var query = new ListQuery { Namespace = workload.Namespace, FieldSelector = $"metadata.name={workload.Name}" };
        await foreach (var change in client.WatchAsync(type, query, ObjectNodeContext.Default.ObjectNode, cancellationToken))
        {
            if (change.Object is not null)
            {
                break;
            }
        }

        return true;
    }
}
