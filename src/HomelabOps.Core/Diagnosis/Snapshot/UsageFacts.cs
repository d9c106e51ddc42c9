using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Diagnosis.Snapshot;

/// <summary>What containers have in memory, as the metrics-server has measured it.</summary>
internal static class UsageFacts
{
    // It may be down, and is no reason to wait.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>Bytes by namespace, pod and container; null where nobody measures, or does not say.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="unread">Is told when somebody measures and does not say.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async Task<IReadOnlyDictionary<(string Namespace, string Pod, string Container), long>?> ReadAsync(ClusterClient client, Action unread, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(Limit);
        try
        {
            var types = await client.Discovery.ResourcesAsync(["metrics.k8s.io"], stop.Token);
            if (types.FirstOrDefault(served => served.Type.Plural == "pods") is not { } served)
            {
                return null;
            }

            var found = new Dictionary<(string, string, string), long>();
            await foreach (var pod in client.ListAsync(served.Type, new ListQuery(), WireContext.Default.PodMetricsWire, cancellationToken: stop.Token))
            {
                foreach (var container in pod.Containers ?? [])
                {
                    found[(pod.Metadata.Namespace ?? "", pod.Metadata.Name, container.Name)] = Quantity.Whole(container.Usage?.GetValueOrDefault("memory"));
                }
            }

            return found;
        }
        catch (Exception error) when (error is HomelabException { Kind: not ErrorKind.AuthenticationError } || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            unread();
            return null;
        }
    }
}
