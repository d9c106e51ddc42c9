using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Api.Nodes.Spdy;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Api.Nodes;

/// <summary>
/// Forwards ports as kubectl does since 1.31: SPDY within the messages of a WebSocket. Each connection has two streams with
/// the same requestID, the first for its error, the second for its data.
/// </summary>
internal sealed class PortForwardTunnel(INodeRuntime nodes, JsonObject pod, SpdyConnection connection)
{
    public const string Protocol = "SPDY/3.1+portforward.k8s.io";

    private readonly Dictionary<string, SpdyStream> _errors = new(StringComparer.Ordinal);
    private readonly List<Task> _forwards = [];

    public static async Task RunAsync(INodeRuntime nodes, ApiCall call, JsonObject pod)
    {
        using var socket = await WebSocketOffer.AcceptAsync(call, Protocol);
        await using var transport = WebSocketStream.Create(socket, WebSocketMessageType.Binary);
        using var connection = new SpdyConnection(transport);
        var tunnel = new PortForwardTunnel(nodes, pod, connection);
        try
        {
            await connection.RunAsync(tunnel.Open, call.Stopping);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException or InvalidDataException)
        {
            // The client has gone, or does not speak SPDY.
        }

        await Task.WhenAll(tunnel._forwards);
        foreach (var alone in tunnel._errors.Values)
        {
            alone.Dispose();
        }
    }

    // Called in turn, as the frames come.
    private void Open(SpdyStream stream)
    {
        _forwards.RemoveAll(forward => forward.IsCompleted);
        var request = stream.Headers.GetValueOrDefault("requestID", "");
        if (stream.Headers.GetValueOrDefault("streamType") == "error")
        {
            _errors[request] = stream;
        }
        else if (_errors.Remove(request, out var error))
        {
            _forwards.Add(Task.Run(() => ForwardAsync(stream, error)));
        }
    }

    private async Task ForwardAsync(SpdyStream data, SpdyStream error)
    {
        var port = data.Headers.GetValueOrDefault("port", "");
        try
        {
            await using var target = await nodes.ConnectAsync(pod, int.Parse(port, NumberStyles.None, CultureInfo.InvariantCulture), data.Reset);
            await JoinAsync(data, target);
        }
        catch (Exception failure) when (failure is ApiException or IOException or SocketException or FormatException or OverflowException)
        {
            await TryAsync(() => error.SendAsync(Encoding.UTF8.GetBytes($"error forwarding port {port} to pod {Cells.Text(pod, "metadata.name")}, uid {Cells.Text(pod, "metadata.uid")}: {failure.Message}")));
        }
        catch (OperationCanceledException)
        {
            // The client wants no more of it.
        }

        foreach (var stream in (SpdyStream[])[data, error])
        {
            await TryAsync(stream.EndAsync);
            connection.Forget(stream);
            stream.Dispose();
        }
    }

    private static async Task JoinAsync(SpdyStream data, Stream target)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(data.Reset);
        var sending = SendAsync(data, target, ended.Token);
        var buffer = new byte[SpdyFrame.LongestData];
        try
        {
            int read;
            while ((read = await target.ReadAsync(buffer, data.Reset)) > 0)
            {
                await data.SendAsync(buffer.AsMemory(0, read));
            }
        }
        catch (ObjectDisposedException)
        {
            // The client has nothing more to say, and the target was closed for it.
        }
        finally
        {
            await ended.CancelAsync();
            await sending;
        }
    }

    private static async Task SendAsync(SpdyStream data, Stream target, CancellationToken cancellationToken)
    {
        try
        {
            await data.Received.CopyToAsync(target, cancellationToken);
            if (target is NetworkStream network)
            {
                network.Socket.Shutdown(SocketShutdown.Send);
            }
            else
            {
                await target.DisposeAsync();
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The other direction ends as well, and says why.
        }

        await data.Received.CompleteAsync();
    }

    private static async Task TryAsync(Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client has gone.
        }
    }
}
