using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Api.Nodes;

/// <summary>
/// Forwards ports over a WebSocket with v4.channel.k8s.io, as KubernetesClient does: two channels a port, the first for data, the
/// second for errors, each beginning with the port's number.
/// </summary>
internal static class PortForwardSession
{
    private const string Protocol = "v4.channel.k8s.io";

    public static async Task RunAsync(INodeRuntime nodes, ApiCall call, JsonObject pod)
    {
        int[] ports = [.. call.Query.All("ports").SelectMany(text => text.Split(',')).Select(Port)];
        switch (await WebSocketOffer.ChooseAsync(call, PortForwardTunnel.Protocol, Protocol))
        {
            case PortForwardTunnel.Protocol:
                await PortForwardTunnel.RunAsync(nodes, call, pod);
                break;
            case Protocol when ports.Length == 0:
                await call.Response.SendTextAsync("query parameter \"port\" is required", 400);
                break;
            case Protocol:
                await RunChannelsAsync(nodes, call, pod, ports);
                break;
        }
    }

    private static int Port(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        ? port
        : throw ApiErrors.BadRequest($"cannot convert to []int32: strconv.ParseUint: parsing \"{text}\": invalid syntax");

    private static async Task RunChannelsAsync(INodeRuntime nodes, ApiCall call, JsonObject pod, int[] ports)
    {
        using var socket = await WebSocketOffer.AcceptAsync(call, Protocol);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(call.Stopping);
        using var sending = new SemaphoreSlim(1, 1);
        var connections = new Stream?[ports.Length];
        var pumps = new List<Task>();
        for (var index = 0; index < ports.Length; index++)
        {
            var number = BitConverter.GetBytes((ushort)ports[index]);
            await SendAsync(socket, sending, (byte)(index * 2), number);
            await SendAsync(socket, sending, (byte)((index * 2) + 1), number);
            try
            {
                connections[index] = await nodes.ConnectAsync(pod, ports[index], stopping.Token);
                pumps.Add(PumpAsync(connections[index]!, socket, sending, (byte)(index * 2), stopping.Token));
            }
            catch (Exception error) when (error is ApiException or IOException or System.Net.Sockets.SocketException)
            {
                await SendAsync(socket, sending, (byte)((index * 2) + 1), Encoding.UTF8.GetBytes($"error forwarding port {ports[index]} to pod {Cells.Text(pod, "metadata.name")}, uid {Cells.Text(pod, "metadata.uid")}: {error.Message}"));
            }
        }

        // As of a kubelet: when the pod has said all on every port, the socket is closed.
        var receiving = ReceiveAsync(socket, connections, stopping.Token);
        await Task.WhenAny(receiving, Task.WhenAll(pumps));
        if (!receiving.IsCompleted)
        {
            await CloseAsync(socket, sending);
        }

        await stopping.CancelAsync();
        await receiving;
        foreach (var connection in connections)
        {
            connection?.Dispose();
        }

        await Task.WhenAll(pumps);
    }

    private static async Task ReceiveAsync(WebSocket socket, Stream?[] connections, CancellationToken cancellationToken)
    {
        var buffer = new byte[32 * 1024];
        var (channel, begun) = (0, false);
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer, cancellationToken);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    return;
                }

                // Only the first part of a message names the channel.
                var start = begun || part.Count == 0 ? 0 : 1;
                channel = start == 1 ? buffer[0] : channel;
                begun = !part.EndOfMessage;
                if (channel % 2 == 0 && channel / 2 < connections.Length && connections[channel / 2] is { } connection)
                {
                    await connection.WriteAsync(buffer.AsMemory(start, part.Count - start), cancellationToken);
                    await connection.FlushAsync(cancellationToken);
                }
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // One of both sides has gone.
        }
    }

    private static async Task PumpAsync(Stream connection, WebSocket socket, SemaphoreSlim sending, byte channel, CancellationToken cancellationToken)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            int read;
            while ((read = await connection.ReadAsync(buffer, cancellationToken)) > 0)
            {
                await SendAsync(socket, sending, channel, buffer.AsMemory(0, read));
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // One of both sides has gone.
        }
    }

    private static async Task CloseAsync(WebSocket socket, SemaphoreSlim sending)
    {
        await sending.WaitAsync();
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (Exception error) when (error is WebSocketException or IOException or ObjectDisposedException)
        {
            // The client has gone.
        }
        finally
        {
            sending.Release();
        }
    }

    private static async Task SendAsync(WebSocket socket, SemaphoreSlim sending, byte channel, ReadOnlyMemory<byte> data)
    {
        byte[] message = [channel, .. data.Span];
        await sending.WaitAsync();
        try
        {
            await socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            sending.Release();
        }
    }
}
