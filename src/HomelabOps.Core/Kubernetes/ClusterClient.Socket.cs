using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;

namespace HomelabOps.Core.Kubernetes;

public sealed partial class ClusterClient
{
    /// <summary>
    /// Opens a WebSocket. .NET's own client would not give what a server says that refuses one, and that is where the reason
    /// stands: which right is missing, or which kubelet does not answer.
    /// </summary>
    /// <param name="pathAndQuery">The path below the server's address.</param>
    /// <param name="request">What it is for, with the protocols that are offered.</param>
    /// <param name="cancellationToken">Ends the request; not the socket, which the caller disposes of.</param>
    /// <returns>The socket, which knows the protocol that the server chose.</returns>
    /// <exception cref="HomelabException">The cluster, or the object, cannot be reached or may not be.</exception>
    internal async Task<WebSocket> OpenSocketAsync(string pathAndQuery, ApiRequest request, CancellationToken cancellationToken)
    {
        // Who asks for JSON is told that there is none (406).
        var response = await SendAsync(pathAndQuery, request with { IsRepeatable = false, Accept = "*/*" }, cancellationToken);
        await using var onFailure = new DisposeOnFailure(response);
        if (response.StatusCode != HttpStatusCode.SwitchingProtocols)
        {
            await _failures.ThrowIfFailedAsync(response, request, cancellationToken);
        }

        var chosen = response.Headers.TryGetValues("Sec-WebSocket-Protocol", out var values) ? string.Join(',', values) : "";
        if (response.StatusCode != HttpStatusCode.SwitchingProtocols || !request.Protocols.Contains(chosen))
        {
            throw Errors.ClusterError(Name, (int)response.StatusCode, Errors.Text("Detail_NoSocket", string.Join(", ", request.Protocols)));
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { SubProtocol = chosen, KeepAliveInterval = TimeSpan.FromSeconds(30) });
        onFailure.Keep();
        return socket;
    }

    private static void AskForSocket(HttpRequestMessage message, IReadOnlyList<string> protocols)
    {
        message.Headers.Connection.Add("Upgrade");
        message.Headers.Upgrade.ParseAdd("websocket");
        message.Headers.Add("Sec-WebSocket-Version", "13");
        message.Headers.Add("Sec-WebSocket-Key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)));
        message.Headers.Add("Sec-WebSocket-Protocol", string.Join(", ", protocols));
    }
}
