using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace HomelabOps.Core.Kubernetes.Forwarding;

/// <summary>One connection to a port of a pod: bytes both ways until one side ends.</summary>
internal static class PodTunnel
{
    private const int Data = 0;
    private const int BufferSize = 32 * 1024;

    // Each channel begins with the number of the port.
    private const int Preamble = 2;

    /// <summary>Joins both until the connection is over.</summary>
    /// <returns>What the kubelet says went wrong; null for nothing.</returns>
    public static async Task<string?> JoinAsync(Socket client, WebSocket pod, CancellationToken cancellationToken)
    {
        await using var stream = new NetworkStream(client, ownsSocket: false);
        return await JoinAsync(stream, pod, cancellationToken);
    }

    /// <summary>The same for a connection within this process.</summary>
    public static async Task<string?> JoinAsync(Stream stream, WebSocket pod, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = SendAsync(stream, pod, ending.Token);
        var said = await ReceiveAsync(pod, stream, ending.Token);
        await ending.CancelAsync();
        await sending;
        return said;
    }

    // The protocol has no end of one direction only: a client that has said all still gets its answer.
    private static async Task SendAsync(Stream client, WebSocket pod, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize + 1];
        buffer[0] = Data;
        try
        {
            int read;
            while ((read = await client.ReadAsync(buffer.AsMemory(1), cancellationToken)) > 0)
            {
                await pod.SendAsync(buffer.AsMemory(0, read + 1), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
            }
        }
        catch (Exception error) when (IsEnd(error))
        {
            // One of both has gone, which the other direction notices as well.
        }
    }

    private static async Task<string?> ReceiveAsync(WebSocket pod, Stream client, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var (channel, isNew, skip) = (0, true, new[] { Preamble, Preamble });
        var failure = new StringBuilder();
        try
        {
            while (true)
            {
                var part = await pod.ReceiveAsync(buffer.AsMemory(), cancellationToken);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                var start = isNew && part.Count > 0 ? 1 : 0;
                channel = start == 1 ? buffer[0] : channel;
                isNew = part.EndOfMessage;
                if (channel > 1)
                {
                    continue;
                }

                var passed = Math.Min(skip[channel], part.Count - start);
                skip[channel] -= passed;
                var bytes = buffer.AsMemory(start + passed, part.Count - start - passed);
                if (channel == Data)
                {
                    await client.WriteAsync(bytes, cancellationToken);
                }
                else if (bytes.Length > 0)
                {
                    failure.Append(Encoding.UTF8.GetString(bytes.Span));
                    break;
                }
            }
        }
        catch (Exception error) when (IsEnd(error))
        {
            // One of both has gone.
        }

        return failure.Length == 0 ? null : failure.ToString();
    }

    private static bool IsEnd(Exception error) => error is WebSocketException or IOException or SocketException or OperationCanceledException or ObjectDisposedException;
}
