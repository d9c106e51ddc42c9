using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using HomelabOps.Sandbox.Api;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Api.Nodes;

namespace HomelabOps.Sandbox.Tests.Kubectl;

/// <summary>A kubelet of few words: logs that grow when a test says so, a handful of commands, and one open port whose server answers each line.</summary>
internal sealed class TestNodeRuntime : INodeRuntime, IDisposable
{
    public const int OpenPort = 8080;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<string> _log = Channel.CreateUnbounded<string>();

    public TestNodeRuntime()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>What top shows.</summary>
    public List<JsonObject> PodUsage { get; } = [];

    /// <summary>What top shows of nodes.</summary>
    public List<JsonObject> NodeUsage { get; } = [];

    public void Log(string line) => _log.Writer.TryWrite(line + "\n");

    public void EndLog() => _log.Writer.Complete();

    public async Task WriteLogAsync(JsonObject pod, LogRequest request, Stream output, CancellationToken cancellationToken)
    {
        if (request.Previous)
        {
            throw ApiErrors.BadRequest($"previous terminated container \"{request.Container}\" in pod \"{pod["metadata"]!["name"]}\" not found");
        }

        var lines = Enumerable.Range(1, 5).Select(number => $"{request.Container} line {number}\n").ToArray();
        await output.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(lines.TakeLast((int)(request.TailLines ?? lines.Length)))), cancellationToken);
        if (request.Follow)
        {
            await output.FlushAsync(cancellationToken);
            await foreach (var line in _log.Reader.ReadAllAsync(cancellationToken))
            {
                await output.WriteAsync(Encoding.UTF8.GetBytes(line), cancellationToken);
                await output.FlushAsync(cancellationToken);
            }
        }
    }

    public async Task<int> ExecuteAsync(JsonObject pod, ExecRequest request, CancellationToken cancellationToken)
    {
        switch (request.Attach ? ["attach"] : request.Command.ToArray())
        {
            case ["attach"]:
                await WriteAsync(request.Output, $"attached to {request.Container}\n");
                return 0;
            case ["echo", .. var words]:
                await WriteAsync(request.Output, string.Join(' ', words) + "\n");
                return 0;
            case ["warn", var text]:
                await WriteAsync(request.Error, text + "\n");
                return 0;
            case ["cat"]:
                await request.Input.CopyToAsync(request.Output, cancellationToken);
                return 0;
            case ["size"]:
                return await SizeAsync(request, cancellationToken);
            case ["exit", var code]:
                return int.Parse(code, System.Globalization.CultureInfo.InvariantCulture);
            default:
                throw ApiErrors.Internal($"exec: \"{request.Command[0]}\": executable file not found in $PATH");
        }
    }

    public async Task<Stream> ConnectAsync(JsonObject pod, int port, CancellationToken cancellationToken)
    {
        if (port != OpenPort)
        {
            throw new IOException($"dial tcp 127.0.0.1:{port}: connect: connection refused");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_listener.LocalEndpoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public Task ProxyAsync(ApiCall call, ProxyRequest request) =>
        call.Response.SendTextAsync($"{call.Method} {request.Resource} {request.Target["metadata"]!["name"]} [{request.Port}] {request.Path}\n");

    public IReadOnlyList<JsonObject> Metrics(bool nodes, string? @namespace) =>
        nodes ? NodeUsage : [.. PodUsage.Where(item => @namespace is null || (string?)item["metadata"]!["namespace"] == @namespace)];

    public void Dispose() => _listener.Dispose();

    private static async Task<int> SizeAsync(ExecRequest request, CancellationToken cancellationToken)
    {
        if (!request.Tty)
        {
            return 1;
        }

        var size = new TaskCompletionSource<(int Columns, int Rows)>(TaskCreationOptions.RunContinuationsAsynchronously);
        request.Resize = (columns, rows) => size.TrySetResult((columns, rows));
        var (columns, rows) = await size.Task.WaitAsync(Patience, cancellationToken);
        await WriteAsync(request.Output, $"{columns}x{rows}\r\n");
        return 0;
    }

    private static Task WriteAsync(Stream output, string text) => output.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    // Each line in capitals; a last word once the client has ended its side.
    private static async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            using var reader = new StreamReader(client.GetStream());
            while (await reader.ReadLineAsync() is { } line)
            {
                await WriteAsync(client.GetStream(), line.ToUpperInvariant() + "\n");
            }

            await WriteAsync(client.GetStream(), "bye\n");
        }
    }
}
