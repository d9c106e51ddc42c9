using System.Net;
using System.Runtime.CompilerServices;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes.Reading;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Kubernetes.Pods;

/// <summary>Deletes pods, all at the same time, and waits until they have gone.</summary>
internal static class PodRemover
{
    /// <summary>What is to be said of a deletion before it is made.</summary>
    /// <param name="record">The pod.</param>
    /// <param name="pod">What was read of it.</param>
    /// <param name="isNodeReady">With -Force whether its node still reports that it is ready.</param>
    public static IEnumerable<string> Warnings(HomelabPod record, PodWire pod, bool isNodeReady)
    {
        if (Ownership.IsStatic(pod.Metadata))
        {
            yield return Errors.Text("PodStatic", record.Reference, record.Node);
        }
        else if (record.Owner is null)
        {
            yield return Errors.Text("PodBare", record.Reference);
        }

        if (isNodeReady)
        {
            yield return Errors.Text("PodNodeReady", record.Reference, record.Node);
        }
    }

    /// <summary>That there is nothing to delete, and that a successor was left alone.</summary>
    public static string Gone(ResourceReference pod) => Errors.Text("PodGone", pod);

    /// <summary>Deletes these very pods, never successors of their names.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="pods">The pods as they were read.</param>
    /// <param name="options">How, and how long to wait.</param>
    /// <param name="journal">Where the deletions are written down.</param>
    /// <param name="cancellationToken">Ends the waiting; what was deleted stays so.</param>
    public static async IAsyncEnumerable<Streamed<HomelabPod>> RunAsync(
        ClusterClient client,
        IReadOnlyList<(HomelabPod Record, PodWire Pod)> pods,
        PodRemovalOptions options,
        ChangeJournal journal,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var results = await Task.WhenAll(pods.Select(async each => (each.Record, each.Pod, Notice: await TryDeleteAsync(client, each.Pod, each.Record, options.Force, journal, cancellationToken))));
        foreach (var notice in results.Select(result => result.Notice).OfType<Notice>())
        {
            yield return notice;
        }

        var deleted = results.Where(result => result.Notice is null).ToList();
        var left = new HashSet<string>(StringComparer.Ordinal);
        if (!options.NoWait && deleted.Count > 0)
        {
            var activity = Errors.Text("PodsEnding", Counted.Of(deleted.Count, "pod"));
            yield return new ProgressNotice(activity, string.Join(", ", deleted.Select(result => result.Record.Name)), IsDone: false);
            left = await WaitAsync(client, deleted.ConvertAll(result => result.Pod), options.Timeout, cancellationToken);
            yield return new ProgressNotice(activity, activity, IsDone: true);
        }

        foreach (var (record, pod, _) in deleted)
        {
            var isGone = !options.NoWait && !left.Contains(pod.Metadata.Uid!);
            yield return record with { Status = isGone ? "Deleted" : "Terminating", Ready = false, Healthy = false };
            if (left.Contains(pod.Metadata.Uid!))
            {
                yield return new FailureNotice(Errors.PodDeleteTimeout(record.Reference, record.Node, options.Timeout));
            }
        }
    }

    private static async Task<Notice?> TryDeleteAsync(ClusterClient client, PodWire pod, HomelabPod record, bool force, ChangeJournal journal, CancellationToken cancellationToken)
    {
        var request = new DeleteRequest { Uid = pod.Metadata.Uid, GracePeriodSeconds = force ? 0 : null };
        var entry = new JournalEntry { Cluster = client.Name, Kind = "Pod", Namespace = record.Namespace, Name = record.Name, Change = force ? "Delete at once" : "Delete", Undo = JournalUndo.None("PodRemoval") };
        try
        {
            await journal.RunAsync(entry, () => client.DeleteAsync(ResourceType.Pod, record.Namespace, record.Name, request, cancellationToken));
            return null;
        }
        catch (HomelabException error) when (error.ServerStatus is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            return new WarningNotice(Gone(record.Reference));
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            return new FailureNotice(error);
        }
    }

    // The uids of those that are still there when the time is over.
    private static async Task<HashSet<string>> WaitAsync(ClusterClient client, List<PodWire> pods, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var left = pods.Select(pod => pod.Metadata.Uid!).ToHashSet(StringComparer.Ordinal);
        var present = new HashSet<string>(StringComparer.Ordinal);
        var query = new ListQuery
        {
            Namespace = pods.Select(pod => pod.Metadata.Namespace).Distinct(StringComparer.Ordinal).Take(2).ToArray() is [var space] ? space : null,
            FieldSelector = pods is [var only] ? $"metadata.name={only.Metadata.Name}" : null,
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await foreach (var change in client.WatchAsync(ResourceType.Pod, query, WireContext.Default.PartialObjectWire, limit.Token))
            {
                var uid = change.Object?.Metadata.Uid ?? "";
                switch (change.Kind)
                {
                    case WatchEventKind.Synchronized:
                        left.IntersectWith(present);
                        break;
                    case WatchEventKind.Deleted:
                        left.Remove(uid);
                        break;
                    default:
                        present.Add(uid);
                        break;
                }

                if (left.Count == 0)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is over.
        }

        return left;
    }
}
