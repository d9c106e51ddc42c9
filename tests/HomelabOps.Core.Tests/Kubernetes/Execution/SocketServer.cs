using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace HomelabOps.Core.Tests.Kubernetes.Execution;

/// <summary>Accepts one WebSocket with a protocol of its choice, and plays what it is told.</summary>
internal sealed class SocketServer : IAsyncDisposable
{
    private readonly HttpListener _listener;
    private readonly Task _serving;

    public SocketServer(string protocol, Func<WebSocket, Task> play)
    {
        (_listener, Address) = Listen();
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

    /// <summary>A listener on a free port of the loopback address.</summary>
    public static (HttpListener Listener, Uri Address) Listen()
    {
        // It refuses port 0, so one that was free a moment ago is taken.
        while (true)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}/";
            probe.Stop();
            var listener = new HttpListener { Prefixes = { address } };
            try
            {
                listener.Start();
                return (listener, new Uri(address));
            }
            catch (HttpListenerException)
            {
                listener.Close();
            }
        }
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
