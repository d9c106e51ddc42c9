using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace HomelabOps.Cluster.Tests;

/// <summary>Passes connections on to a cluster, and breaks those off on which certain requests are made: before the cluster hears of them, or after it has done what they ask for.</summary>
internal sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _cluster;
    private readonly Func<string, Cut> _judge;
    private readonly ConcurrentDictionary<TcpClient, string> _open = new(ReferenceEqualityComparer.Instance);

    /// <param name="cluster">Address of the cluster.</param>
    /// <param name="judge">What is done with a request that begins with this line.</param>
    public CuttingProxy(Uri cluster, Func<string, Cut> judge)
    {
        (_cluster, _judge) = (cluster, judge);
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}{cluster.AbsolutePath.TrimEnd('/')}";
        _ = ServeAsync();
    }

    /// <summary>When a connection is broken off.</summary>
    internal enum Cut
    {
        None,
        Before,
        After,

        /// <summary>The cluster does not hear of it; who asks is told that he may not.</summary>
        Refused,
    }

    /// <summary>The last requests of the connections that are open.</summary>
    public ICollection<string> Open => _open.Values;

    /// <summary>Address that stands for the cluster's.</summary>
    public string Address { get; }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It was closed.
        }
    }

    private async Task CarryAsync(TcpClient asking)
    {
        using var client = asking;
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(_cluster.Host, _cluster.Port);
            var (near, far, isMute) = (client.GetStream(), server.GetStream(), new StrongBox<bool>());
            await Task.WhenAny(AskAsync(near, far, isMute, line => _open[asking] = line), AnswerAsync(far, near, isMute));
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            // Either side has gone.
        }
        finally
        {
            _open.TryRemove(asking, out _);
        }
    }

    // A request comes in one piece, or nearly so: its line is at the beginning of it.
    private async Task AskAsync(NetworkStream from, NetworkStream to, StrongBox<bool> isMute, Action<string> told)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer)) > 0)
        {
            var line = Uri.UnescapeDataString(Encoding.Latin1.GetString(buffer, 0, read).Split('\r')[0]);
            var cut = _judge(line);
            if (cut == Cut.Refused)
            {
                var status = LoopbackServer.Status(403, "forbidden: as the test says");
                await from.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: {status.Length}\r\nConnection: close\r\n\r\n{status}"));
                return;
            }

            if (cut == Cut.Before)
            {
                return;
            }

            // What flows in a tunnel is no request.
            if (line.EndsWith("HTTP/1.1", StringComparison.Ordinal))
            {
                told(line);
            }

            isMute.Value |= cut == Cut.After;
            await to.WriteAsync(buffer.AsMemory(0, read));
        }
    }

    // Of what is to be cut off only the beginning gets through: that the cluster has taken it.
    private static async Task AnswerAsync(NetworkStream from, NetworkStream to, StrongBox<bool> isMute)
    {
        var buffer = new byte[64 * 1024];
        int read;
        var isBegun = false;
        while ((read = await from.ReadAsync(buffer)) > 0)
        {
            if (isMute.Value && isBegun)
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
                return;
            }

            var head = isMute.Value ? buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8) + 4 : read;
            isBegun = isMute.Value;
            await to.WriteAsync(buffer.AsMemory(0, head));
            if (head < read)
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
                return;
            }
        }
    }
}
