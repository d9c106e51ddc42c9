using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Reading;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Backups;

/// <summary>Waits for pods that are being ended. Controllers count them no more as soon as they are asked to end, and until they have they still write.</summary>
internal static class PodEnds
{
    /// <summary>Waits until no pod of a stopped application runs.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="stopped">The application as it is since it was stopped: no pod is added any more.</param>
    /// <param name="timeout">How long they may take.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>RolloutTimeout with those that still run; null when none does.</returns>
    public static async Task<HomelabException?> WaitAsync(ClusterClient client, HomelabApp stopped, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var left = stopped.Pods.Select(pod => pod.Name).ToHashSet(StringComparer.Ordinal);
        if (left.Count == 0)
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        var running = new HashSet<string>(StringComparer.Ordinal);
        var isWhole = false;
        try
        {
            await foreach (var change in client.WatchAsync(ResourceType.Pod, new ListQuery { Namespace = stopped.Namespace }, WireContext.Default.PodWire, limit.Token))
            {
                isWhole |= change.Kind == WatchEventKind.Synchronized;
                if (change.Object is { } pod && left.Contains(pod.Metadata.Name))
                {
                    var hasEnded = change.Kind == WatchEventKind.Deleted || pod.Status?.Phase is "Succeeded" or "Failed";
                    _ = hasEnded ? running.Remove(pod.Metadata.Name) : running.Add(pod.Metadata.Name);
                }

                if (isWhole && running.Count == 0)
                {
                    return null;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is over.
        }

        return Errors.RolloutTimeout(stopped.Reference, timeout, Errors.Text("Detail_PodsEnding", string.Join(", ", running)));
    }
}
