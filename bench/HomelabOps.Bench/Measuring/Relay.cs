using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace HomelabOps.Bench.Measuring;

/// <summary>
/// A relay in front of the server that sees what the server sees: how long data flow, and when a connection is closed.
/// It passes the encrypted bytes on as they are.
/// </summary>
internal sealed class Relay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly DnsEndPoint _server;
    private long _lastActivity = Stopwatch.GetTimestamp();
    private int _closed;

    public Relay(Uri server)
    {
        _server = new DnsEndPoint(server.Host, server.Port);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections that the client has closed so far.</summary>
    public int Closed => Volatile.Read(ref _closed);

    /// <summary>When a byte was last passed on or a connection closed, once nothing has happened for a while.</summary>
    public long Quiet()
    {
        var quiet = TimeSpan.FromMilliseconds(500);
        while (Stopwatch.GetElapsedTime(Volatile.Read(ref _lastActivity)) is var since && since < quiet)
        {
            Thread.Sleep(quiet - since);
        }

        return Volatile.Read(ref _lastActivity);
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The bench has ended.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            await server.ConnectAsync(_server.Host, _server.Port);
            var up = PassAsync(client.GetStream(), server.GetStream());
            var down = PassAsync(server.GetStream(), client.GetStream());
            if (await Task.WhenAny(up, down) == up)
            {
                Touch();
                Interlocked.Increment(ref _closed);
            }
        }
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var read)
            {
                Touch();
                await to.WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // Closed from either side.
        }
    }

    private void Touch() => Volatile.Write(ref _lastActivity, Stopwatch.GetTimestamp());
}
