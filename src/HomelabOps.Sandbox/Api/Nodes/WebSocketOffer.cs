using System.Net.WebSockets;
using HomelabOps.Sandbox.Api.Http;

namespace HomelabOps.Sandbox.Api.Nodes;

/// <summary>The WebSocket that a client asks for.</summary>
internal static class WebSocketOffer
{
    private const string Header = "Sec-WebSocket-Protocol";

    /// <summary>The first of the known protocols that the client speaks; null when it wants no WebSocket, or none of them.</summary>
    public static string? Choose(ApiCall call, params ReadOnlySpan<string> known)
    {
        var offered = Offered(call);
        foreach (var protocol in known)
        {
            if (call.Http.Request.IsWebSocketRequest && offered.Contains(protocol, StringComparer.Ordinal))
            {
                return protocol;
            }
        }

        return null;
    }

    public static string[] Offered(ApiCall call) => (call.Http.Request.Headers[Header] ?? "").Split(',', StringSplitOptions.TrimEntries);

    public static async Task<WebSocket> AcceptAsync(ApiCall call, string protocol)
    {
        // HttpListener refuses the slash that some of Kubernetes' protocols have in their names, so it neither sees what is offered nor what is chosen.
        call.Http.Request.Headers.Remove(Header);
        call.Http.Response.Headers[Header] = protocol;
        return (await call.Http.AcceptWebSocketAsync(null)).WebSocket;
    }
}
