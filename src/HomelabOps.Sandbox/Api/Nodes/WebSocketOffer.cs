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
            if (call.Exchange.IsWebSocketRequest && offered.Contains(protocol, StringComparer.Ordinal))
            {
                return protocol;
            }
        }

        return null;
    }

    public static string[] Offered(ApiCall call) => (call.Exchange.Header(Header) ?? "").Split(',', StringSplitOptions.TrimEntries);

    public static Task<WebSocket> AcceptAsync(ApiCall call, string protocol) => call.Exchange.AcceptWebSocketAsync(protocol);
}
