using System.Net;
using System.Net.WebSockets;
using System.Text;
using HomelabOps.Testing;

namespace HomelabOps.Core.Tests.Kubernetes.Execution;

/// <summary>Accepts one WebSocket with a protocol of its choice, and plays what it is told.</summary>
internal sealed class SocketServer : IAsyncDisposable
{
    private readonly HttpListener _listener;
    private readonly Task _serving;

    public SocketServer(string protocol, Func<WebSocket, Task> play)
    {
        (_listener, Address) = Loopback.Listen();
        _serving = ServeAsync(protocol, play);
    }

    public Uri Address { get; }

    /// <summary>Path and query of the request.</summary>
    public string Asked { get; private set; } = "";

    public static ValueTask SayAsync(WebSocket socket, int channel, string text, bool isEnd = true) =>
        socket.SendAsync(new ReadOnlyMemory<byte>([(byte)channel, .. Encoding.UTF8.GetBytes(text)]), WebSocketMessageType.Binary, isEnd, CancellationToken.None);

    /// <summary>The next message; null when the other side has closed.</summary>
    public static async Task<byte[]?> HearAsync(WebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        var part = await socket.ReceiveAsync(buffer, CancellationToken.None);
        return part.MessageType == WebSocketMessageType.Close ? null : buffer[..part.Count];
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ServeAsync(string protocol, Func<WebSocket, Task> play)
    {
        var context = await _listener.GetContextAsync();
        Asked = context.Request.RawUrl ?? "";
        var accepted = await context.AcceptWebSocketAsync(protocol);
        using var socket = accepted.WebSocket;
        await play(socket);
    }
}
