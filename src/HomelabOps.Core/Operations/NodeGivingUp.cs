using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Operations;

/// <summary>Whether a node may be given up by the out-of-service taint.</summary>
internal static class NodeGivingUp
{
    private static readonly Version Least = new(1, 28);

    /// <summary>Refuses it where nothing proves that the node is off, and where the cluster does not know the taint.</summary>
    /// <exception cref="HomelabException">OutOfServiceUnproven, OutOfServiceUnsupported.</exception>
    public static async Task CheckAsync(ClusterClient client, FailoverRequest request, CancellationToken cancellationToken)
    {
        if (request.Kind != OperationKind.Failover || request.Fence == FailoverFence.None)
        {
            throw Errors.OutOfServiceUnproven();
        }

        var version = (await client.GetAsync("version", WireContext.Default.VersionWire, new ApiRequest("get", "/version"), cancellationToken)).GitVersion;
        if (!Version.TryParse(version.TrimStart('v').Split('-', '+')[0], out var known) || known < Least)
        {
            throw Errors.OutOfServiceUnsupported(client.Name, version);
        }
    }
}
