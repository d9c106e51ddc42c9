using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Nodes;

/// <summary>The kubelet's own figures (<c>/stats/summary</c>), through the API server's node proxy.</summary>
internal static class KubeletSummary
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>The summary, or null when the kubelet does not answer in time or may not be asked.</summary>
    public static async Task<SummaryWire?> TryReadAsync(ClusterClient client, string node, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            return await ReadAsync(client, node, limit.Token);
        }
        catch (HomelabException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public static Task<SummaryWire> ReadAsync(ClusterClient client, string node, CancellationToken cancellationToken) =>
        client.GetAsync(
            ResourceType.Node.Path(name: node) + "/proxy/stats/summary",
            WireContext.Default.SummaryWire,
            new ApiRequest("get", "nodes/proxy", null, node),
            cancellationToken);
}
