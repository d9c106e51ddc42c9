using System.Net.WebSockets;
using HomelabOps.Sandbox.Api.Http;

namespace HomelabOps.Sandbox.Api.Nodes;

/// <summary>The WebSocket that a client asks for.</summary>
internal static class WebSocketOffer
{
    private const string Header = "Sec-WebSocket-Protocol";

    /// <summary>The first of the known protocols that the client speaks. Null when it speaks none of them; it was told so then.</summary>
    /// <exception cref="ApiException">It wants no WebSocket.</exception>
    public static async Task<string?> ChooseAsync(ApiCall call, params IReadOnlyList<string> known)
    {
        if (!call.Exchange.IsWebSocketRequest)
        {
            // Clients from before 1.31 speak SPDY, which HttpListener cannot carry.
            throw ApiErrors.BadRequest(call.Exchange.Header("Upgrade") is { Length: > 0 } other ? $"Upgrade request required: {other} is not served, only WebSockets are ({string.Join(", ", known)})" : "Upgrade request required");
        }

        var offered = (call.Exchange.Header(Header) ?? "").Split(',', StringSplitOptions.TrimEntries);
        if (known.FirstOrDefault(protocol => offered.Contains(protocol, StringComparer.Ordinal)) is { } found)
        {
            return found;
        }

        await call.Response.SendTextAsync("", 403);
        return null;
    }

    public static Task<WebSocket> AcceptAsync(ApiCall call, string protocol) => call.Exchange.AcceptWebSocketAsync(protocol);
}
