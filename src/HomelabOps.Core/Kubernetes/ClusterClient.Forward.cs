using System.Globalization;
using System.Net.WebSockets;

namespace HomelabOps.Core.Kubernetes;

public sealed partial class ClusterClient
{
    // Served by every version: two channels a port, the first for data, the second for errors.
    private const string ForwardProtocol = "v4.channel.k8s.io";

    /// <summary>Opens one connection to a port of a pod. The caller disposes of the socket.</summary>
    /// <exception cref="HomelabException">The cluster, or the pod, cannot be reached or may not be.</exception>
    internal async Task<WebSocket> OpenForwardAsync(string @namespace, string pod, int port, CancellationToken cancellationToken)
    {
        var request = new ApiRequest("create", "pods/portforward", @namespace, pod);
        var path = $"{ResourceType.Pod.Path(@namespace, pod)}/portforward?ports={port.ToString(CultureInfo.InvariantCulture)}";
        var address = new UriBuilder(_root + path) { Scheme = Endpoint.Server.Scheme == "https" ? "wss" : "ws" }.Uri;
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol(ForwardProtocol);
            using var message = new HttpRequestMessage();
            message.Headers.Authorization = await Endpoint.Credentials.GetAsync(false, cancellationToken);
            Endpoint.Impersonation?.Apply(message.Headers);
            foreach (var (name, values) in message.Headers)
            {
                socket.Options.SetRequestHeader(name, string.Join(',', values));
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(ResponseTimeout);
            await socket.ConnectAsync(address, _http, limit.Token);
            return socket;
        }
        catch (Exception error) when (error is not HomelabException && !cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw socket.HttpStatusCode == System.Net.HttpStatusCode.NotFound
                ? Errors.ResourceNotFound(Name, "pods", @namespace, pod)
                : socket.HttpStatusCode == System.Net.HttpStatusCode.Forbidden
                    ? Errors.AccessDenied(Name, request.Verb, request.Resource, @namespace)
                    : _failures.Transport(error is WebSocketException { InnerException: { } inner } ? inner : error, request);
        }
    }
}
