using System.Diagnostics;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Reading;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Kubernetes.Writing;

namespace HomelabOps.Core.Replication.Syncthing;

/// <summary>Restarts a Syncthing by deleting its pods: what owns them makes new ones.</summary>
internal static class SyncthingRestarter
{
    /// <summary>Refuses what nobody would start again.</summary>
    /// <exception cref="HomelabException">SyncthingNotRunning, SyncthingBare.</exception>
    public static void Check(SyncthingTarget target)
    {
        if (target.Pods.Count == 0)
        {
            throw Errors.SyncthingNotRunning(target.Source);
        }

        if (target.Pods.FirstOrDefault(pod => pod.Owner is null) is { } bare)
        {
            throw Errors.SyncthingBare(bare.Reference);
        }
    }

    /// <summary>Deletes the pods and waits until as many are ready in their place.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="target">The Syncthing.</param>
    /// <param name="timeout">How long the new pods may take; null to wait for none.</param>
    /// <param name="journal">Where the deletions are written down.</param>
    /// <param name="cancellationToken">Ends the waiting; what was deleted stays so.</param>
    /// <returns>What was done, and what went wrong with the new pods; null for nothing.</returns>
    public static async Task<(SyncthingRestart Restart, HomelabException? Failure)> RestartAsync(ClusterClient client, SyncthingTarget target, TimeSpan? timeout, ChangeJournal journal, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var (deleted, owners) = (new HashSet<string>(StringComparer.Ordinal), target.Pods.Select(pod => pod.Owner).ToHashSet());
        foreach (var pod in target.Pods)
        {
            if (await DeleteAsync(client, pod, journal, cancellationToken) is { } uid)
            {
                deleted.Add(uid);
            }
        }

        var restart = new SyncthingRestart
        {
            Cluster = client.Name,
            Kind = target.Source.Kind,
            Namespace = target.Source.Namespace,
            Name = target.Source.Name,
            App = target.App,
            Role = target.Role,
            PodsDeleted = [.. target.Pods.Select(pod => pod.Name)],
        };
        if (timeout is not { } limit)
        {
            return (restart, null);
        }

        var (ready, failure) = await WaitAsync(client, target, owners, deleted, limit, cancellationToken);
        return (restart with { PodsReady = ready, Duration = clock.Elapsed }, failure);
    }

    // The uid: what comes later may have the same name, and must not be deleted in its place.
    private static async Task<string?> DeleteAsync(ClusterClient client, HomelabPod pod, ChangeJournal journal, CancellationToken cancellationToken)
    {
        if (await client.FindAsync(ResourceType.Pod, pod.Namespace, pod.Name, WireContext.Default.PartialObjectWire, cancellationToken) is not { Metadata.Uid: { } uid })
        {
            return null;
        }

        var entry = new JournalEntry { Cluster = client.Name, Kind = "Pod", Namespace = pod.Namespace, Name = pod.Name, Change = "Delete", Undo = JournalUndo.None("SyncthingRestart") };
        try
        {
            await journal.RunAsync(entry, () => client.DeleteAsync(ResourceType.Pod, pod.Namespace, pod.Name, new DeleteRequest { Uid = uid }, cancellationToken));
        }
        catch (HomelabException error) when (error.Id is nameof(Errors.ResourceNotFound) or nameof(Errors.ResourceConflict))
        {
            // Somebody else was faster.
        }

        return uid;
    }

    private static async Task<(IReadOnlyList<string> Ready, HomelabException? Failure)> WaitAsync(
        ClusterClient client,
        SyncthingTarget target,
        HashSet<ResourceReference?> owners,
        HashSet<string> deleted,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        var present = new Dictionary<string, PodWire>(StringComparer.Ordinal);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await foreach (var change in client.WatchAsync(ResourceType.Pod, new ListQuery { Namespace = target.Source.Namespace }, WireContext.Default.PodWire, limit.Token))
            {
                if (change.Object is not { } pod || !owners.Contains(Ownership.Top(pod.Metadata, client.Name)) || deleted.Contains(pod.Metadata.Uid ?? ""))
                {
                    continue;
                }

                if (change.Kind == WatchEventKind.Deleted || pod.Metadata.DeletionTimestamp is not null)
                {
                    present.Remove(pod.Metadata.Uid!);
                }
                else
                {
                    present[pod.Metadata.Uid!] = pod;
                }

                if (Ready() is var ready && ready.Count >= target.Pods.Count)
                {
                    return (ready, null);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is over.
        }

        var waiting = present.Values.Select(pod => PodMapper.Map(pod, client.Name, null)).FirstOrDefault(pod => !pod.Ready);
        return (Ready(), Errors.SyncthingRestartTimeout(target.Source, timeout, waiting));

        List<string> Ready() => [.. present.Values.Where(pod => PodMapper.Map(pod, client.Name, null).Ready).Select(pod => pod.Metadata.Name)];
    }
}
