using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HomelabOps.Core.Tests.Fakes;

/// <summary>
/// A scripted server on loopback. It works on the socket itself, because what is tested is how answers go wrong: cut in
/// the middle, reset, stalled, sent in small pieces.
/// </summary>
internal sealed class FakeApiServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<FakeRequest> _requests = [];
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Func<FakeRequest, FakeReply, Task> _handler;
    private readonly Task _accepting;

    public FakeApiServer(Func<FakeRequest, FakeReply, Task> handler)
    {
        _handler = handler;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}/");

    /// <summary>All requests so far, in the order of their arrival.</summary>
    public IReadOnlyList<FakeRequest> Requests => [.. _requests];

    /// <summary>Waits until a request matches that has arrived or arrives.</summary>
    public async Task<FakeRequest> RequestAsync(Func<FakeRequest, bool> match)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (_requests.FirstOrDefault(match) is { } found)
            {
                return found;
            }

            await Task.Delay(5, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await ((Task)Task.WhenAll(_connections.Append(_accepting))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var socket = await _listener.AcceptSocketAsync(_stop.Token);
            socket.NoDelay = true;
            _connections.Add(ServeAsync(socket));
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var connection = socket;
        try
        {
            while (await ReadHeadAsync(socket) is { } head)
            {
                using var reply = new FakeReply(socket, _stop.Token);
                var request = new FakeRequest(head, reply.ClosedByClient);
                _requests.Enqueue(request);
                await _handler(request, reply);
                if (!reply.KeepAlive)
                {
                    return;
                }
            }
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away or the test is over: both are part of the play.
        }
    }

    private async Task<string?> ReadHeadAsync(Socket socket)
    {
        var head = new StringBuilder();
        var buffer = new byte[4096];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(), _stop.Token);
            if (read == 0)
            {
                return null;
            }

            head.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return head.ToString();
    }
}
