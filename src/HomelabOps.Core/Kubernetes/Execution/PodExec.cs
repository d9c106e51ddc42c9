using System.Buffers;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Execution;

/// <summary>
/// Runs a command in a container over one WebSocket. The first byte of each message is its channel: 0 to 2 are the standard
/// streams, 3 is how it ended, 4 the size of the terminal, 255 (v5 only) the end of a channel.
/// </summary>
internal sealed class PodExec : IDisposable
{
    private const string WithEnds = "v5.channel.k8s.io";
    private const string WithoutEnds = "v4.channel.k8s.io";
    private const int BufferSize = 32 * 1024;

    private const int InputSize = 16 * 1024;

    // The streams are carried side by side, so the status may overtake the last of the output. The server closes when all has come.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly WebSocket _socket;
    private readonly ExecRequest _request;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly ArrayBufferWriter<byte> _status = new();

    private PodExec(WebSocket socket, ExecRequest request) => (_socket, _request) = (socket, request);

    /// <summary>Runs a command to its end. Cancellation ends the connection; what the command does then is its own affair.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="request">The command and its streams.</param>
    /// <param name="cancellationToken">Ends the connection.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="HomelabException">
    /// CommandNotStarted with what the kubelet says, CommandInterrupted when the connection ends before the command, and the failures of any request.
    /// </exception>
    public static async Task<int> RunAsync(ClusterClient client, ExecRequest request, CancellationToken cancellationToken)
    {
        // Which verb a server wants for a WebSocket depends on its version.
        var socket = await client.OpenSocketAsync(
            request.PathAndQuery,
            new ApiRequest("create,get", "pods/exec", request.Namespace, request.Pod) { Protocols = [WithEnds, WithoutEnds] },
            cancellationToken);
        using var exec = new PodExec(socket, request);
        var status = await exec.CarryAsync(cancellationToken);
        return status switch
        {
            null => throw Errors.CommandInterrupted(request.Namespace, request.Pod),
            { Status: "Success" } => 0,
            { Reason: "NonZeroExitCode", Details.Causes: [{ Reason: "ExitCode", Message: { } code }, ..] } when int.TryParse(code, CultureInfo.InvariantCulture, out var number) => number,
            _ => throw Errors.CommandNotStarted(request.Namespace, request.Pod, request.Container, request.Command[0], status.Message ?? ""),
        };
    }

    public void Dispose()
    {
        _socket.Dispose();
        _sending.Dispose();
    }

    private async Task<StatusWire?> CarryAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] sending = [SendInputAsync(ending.Token), SendSizesAsync(ending.Token)];
        try
        {
            await ReceiveAsync(ending);
        }
        catch (Exception error) when (error is WebSocketException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // It is over, with or without a word of how.
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return Read(_status);
    }

    private async Task ReceiveAsync(CancellationTokenSource ending)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var (channel, isNew) = (0, true);
            while (true)
            {
                // Only the waiting is limited: who takes the output may be slow, and what has come already must not be lost.
                ending.CancelAfter(_status.WrittenCount > 0 ? Farewell : Timeout.InfiniteTimeSpan);
                var part = await _socket.ReceiveAsync(buffer.AsMemory(), ending.Token);
                ending.CancelAfter(Timeout.InfiniteTimeSpan);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                // Only the first part of a message says its channel.
                var start = isNew && part.Count > 0 ? 1 : 0;
                channel = start == 1 ? buffer[0] : channel;
                isNew = part.EndOfMessage;
                var bytes = buffer.AsMemory(start, part.Count - start);
                if (channel == 3 && bytes.Length > 0)
                {
                    _status.Write(bytes.Span);
                }
                else if (bytes.Length > 0 && (channel == 2 ? _request.Error : channel == 1 ? _request.Output : null) is { } take)
                {
                    await take(bytes, ending.Token);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static StatusWire? Read(ArrayBufferWriter<byte> status)
    {
        if (status.WrittenCount == 0)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(status.WrittenSpan, WireContext.Default.StatusWire);
        }
        catch (JsonException)
        {
            // A runtime that speaks plain text on this channel.
            return new StatusWire { Status = "Failure", Message = Encoding.UTF8.GetString(status.WrittenSpan) };
        }
    }

    private async Task SendInputAsync(CancellationToken cancellationToken)
    {
        if (_request.Input is not { } input)
        {
            return;
        }

        var buffer = new byte[InputSize];
        int read;
        while ((read = await input.ReadAsync(buffer.AsMemory(1), cancellationToken)) > 0)
        {
            await SendAsync(buffer.AsMemory(0, read + 1), cancellationToken);
        }

        if (_socket.SubProtocol == WithEnds)
        {
            await SendAsync(new byte[] { 255, 0 }, cancellationToken);
        }
    }

    private async Task SendSizesAsync(CancellationToken cancellationToken)
    {
        if (_request.Sizes is not { } sizes)
        {
            return;
        }

        await foreach (var (columns, rows) in sizes.ReadAllAsync(cancellationToken))
        {
            await SendAsync(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\u0004{{\"Width\":{columns},\"Height\":{rows}}}")), cancellationToken);
        }
    }

    // A WebSocket takes one message at a time.
    private async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await _socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }
}
