using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Nodes;

/// <summary>exec and attach over a WebSocket. The first byte of each message is its channel: 0 to 2 are the standard streams, 3 the final status, 4 the terminal's size, 255 the end of a channel (v5).</summary>
internal static class StreamSession
{
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(5);
    private static readonly string[] Protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

    public static async Task RunAsync(INodeRuntime nodes, ApiCall call, JsonObject pod, bool attach, string container)
    {
        if (await WebSocketOffer.ChooseAsync(call, Protocols) is not { } protocol)
        {
            return;
        }

        using var socket = await WebSocketOffer.AcceptAsync(call, protocol);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(call.Stopping);
        using var sending = new SemaphoreSlim(1, 1);
        var pipe = new Pipe();
        var request = new ExecRequest(
            container,
            [.. call.Query.All("command")],
            attach,
            call.Query.Flag("tty"),
            call.Query.Flag("stdin") ? pipe.Reader.AsStream() : Stream.Null,
            call.Query.Flag("stdout") ? new ChannelStream(socket, 1, sending) : Stream.Null,
            call.Query.Flag("stderr") ? new ChannelStream(socket, 2, sending) : Stream.Null);
        var reading = ReadAsync(socket, pipe.Writer, request, stopping);
        JsonObject status;
        try
        {
            status = Status(await nodes.ExecuteAsync(pod, request, stopping.Token), request.Command);
        }
        catch (ApiException error)
        {
            status = error.ToStatus();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            status = ApiErrors.Internal($"{error.GetType().Name}: {error.Message}").ToStatus();
        }

        // Here it has no kind.
        status.Remove("kind");
        status.Remove("apiVersion");
        await using (var last = new ChannelStream(socket, 3, sending))
        {
            await last.WriteAsync(ObjectJson.ToBytes(status), CancellationToken.None);
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

        // The client reads to the end before it closes its side. Whoever hangs up sooner resets the connection, and with it what is still under way.
        await pipe.Reader.CompleteAsync();
        await Task.WhenAny(reading, Task.Delay(FarewellLimit, CancellationToken.None));
        await stopping.CancelAsync();
        await reading;
    }

    private static JsonObject Status(int code, IEnumerable<string> command) => code == 0 ? new() { ["metadata"] = new JsonObject(), ["status"] = "Success" } : new()
    {
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = $"command terminated with non-zero exit code: error executing command [{string.Join(' ', command)}], exit code {code}",
        ["reason"] = "NonZeroExitCode",
        ["details"] = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ExitCode", ["message"] = code.ToString(System.Globalization.CultureInfo.InvariantCulture) }) },
    };

    private static async Task ReadAsync(WebSocket socket, PipeWriter input, ExecRequest request, CancellationTokenSource stopping)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            while (true)
            {
                using var message = new MemoryStream();
                WebSocketReceiveResult part;
                do
                {
                    part = await socket.ReceiveAsync(buffer, stopping.Token);
                    message.Write(buffer, 0, part.Count);
                }
                while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                await HandleAsync(message.ToArray(), input, request);
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException)
        {
            // The client has gone, or the command has ended.
        }

        await input.CompleteAsync();
        if (!stopping.IsCancellationRequested)
        {
            await stopping.CancelAsync();
        }
    }

    private static async Task HandleAsync(byte[] message, PipeWriter input, ExecRequest request)
    {
        switch (message)
        {
            case [0, .. var data]:
                await input.WriteAsync(data);
                break;
            case [4, .. var size] when JsonNode.Parse(Encoding.UTF8.GetString(size)) is JsonObject terminal:
                request.SetSize((int)(Numbers.Whole(terminal["Width"]) ?? 80), (int)(Numbers.Whole(terminal["Height"]) ?? 24));
                break;
            case [255, 0]:
                await input.CompleteAsync();
                break;
        }
    }

    private sealed class ChannelStream(WebSocket socket, byte channel, SemaphoreSlim sending) : WriteOnlyStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            byte[] message = [channel, .. buffer.Span];
            await sending.WaitAsync(cancellationToken);
            try
            {
                await socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
            }
            finally
            {
                sending.Release();
            }
        }
    }
}
