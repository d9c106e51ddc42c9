using System.Globalization;
using System.Net.WebSockets;

namespace HomelabOps.Core.Kubernetes;

public sealed partial class ClusterClient
{
    // Served by every version: two channels a port, the first for data, the second for errors.
    private const string ForwardProtocol = "v4.channel.k8s.io";

    /// <summary>Opens one connection to a port of a pod. The caller disposes of the socket.</summary>
    /// <exception cref="HomelabException">The cluster, or the pod, cannot be reached or may not be.</exception>
    internal Task<WebSocket> OpenForwardAsync(string @namespace, string pod, int port, CancellationToken cancellationToken) => OpenSocketAsync(
        $"{ResourceType.Pod.Path(@namespace, pod)}/portforward?ports={port.ToString(CultureInfo.InvariantCulture)}",
        new ApiRequest("create", "pods/portforward", @namespace, pod) { Protocols = [ForwardProtocol] },
        cancellationToken);
}
