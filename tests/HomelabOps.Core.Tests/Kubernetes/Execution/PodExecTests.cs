using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using HomelabOps.Core.Kubernetes.Execution;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Kubernetes.Execution;

/// <summary>The protocol of commands in containers, with the turns that a kubelet takes only at times.</summary>
public sealed class PodExecTests
{
    private const string Success = """{"status":"Success"}""";

    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    [Fact]
    public async Task Output_that_comes_behind_the_status_is_not_lost()
    {
        await using var server = new SocketServer("v5.channel.k8s.io", async socket =>
        {
            await SocketServer.SayAsync(socket, 1, "first ", isEnd: false);
            await socket.SendAsync(Encoding.UTF8.GetBytes("part, "), WebSocketMessageType.Binary, true, CancellationToken.None);
            await SocketServer.SayAsync(socket, 3, """{"status":"Failure","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"42"}]}}""");
            await SocketServer.SayAsync(socket, 2, "bad");
            await SocketServer.SayAsync(socket, 1, "last");
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        });

        Assert.Equal(42, await RunAsync(server, Request(["a b", ""])));
        Assert.Equal(("first part, last", "bad"), (_output.ToString(), _errors.ToString()));
        Assert.Equal("/api/v1/namespaces/media/pods/sonarr/exec?container=app&command=a%20b&command=&stdout=true&stderr=true", server.Asked);
    }

    [Fact]
    public async Task Nor_is_what_somebody_takes_slowly()
    {
        await using var server = new SocketServer("v5.channel.k8s.io", async socket =>
        {
            await SocketServer.SayAsync(socket, 3, Success);
            await SocketServer.SayAsync(socket, 1, "first, ");
            await SocketServer.SayAsync(socket, 1, "last");
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        });
        var keep = Keep(_output);
        var request = Request(["cat"]) with
        {
            Output = async (bytes, stop) =>
            {
                await Task.Delay(TimeSpan.FromSeconds(3), stop);
                await keep(bytes, stop);
            },
        };

        Assert.Equal(0, await RunAsync(server, request));
        Assert.Equal("first, last", _output.ToString());
    }

    [Theory]
    [InlineData("v5.channel.k8s.io", true)]
    [InlineData("v4.channel.k8s.io", false)]
    public async Task The_end_of_the_input_is_told_where_the_protocol_has_a_word_for_it(string protocol, bool isTold)
    {
        var heard = new List<string>();
        await using var server = new SocketServer(protocol, async socket =>
        {
            for (var count = isTold ? 3 : 2; count > 0; count--)
            {
                heard.Add(Encoding.Latin1.GetString(await SocketServer.HearAsync(socket) ?? []));
            }

            await SocketServer.SayAsync(socket, 3, Success);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        });
        var sizes = Channel.CreateUnbounded<(int, int)>();
        await sizes.Writer.WriteAsync((120, 40));

        Assert.Equal(0, await RunAsync(server, Request(["cat"]) with { Input = new MemoryStream("hello"u8.ToArray()), Sizes = sizes.Reader }));

        string[] wanted = ["\u0000hello", "\u0004{\"Width\":120,\"Height\":40}", .. isTold ? ["\u00ff\u0000"] : (string[])[]];
        Assert.Equal(wanted.Order(StringComparer.Ordinal), heard.Order(StringComparer.Ordinal));
        Assert.EndsWith("&stdin=true&stdout=true&stderr=true&tty=true", server.Asked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"status":"Failure","reason":"InternalError","message":"no such file"}""", "CommandNotStarted")]
    [InlineData("OCI runtime exec failed", "CommandNotStarted")]
    [InlineData("", "CommandInterrupted")]
    public async Task What_is_no_exit_code_is_an_error(string status, string id)
    {
        await using var server = new SocketServer("v4.channel.k8s.io", async socket =>
        {
            await SocketServer.SayAsync(socket, 1, "begun");
            await SocketServer.SayAsync(socket, 3, status);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        });

        var error = await Assert.ThrowsAsync<HomelabException>(() => RunAsync(server, Request(["cat"])));

        Assert.Equal(id, error.Id);
    }

    [Fact]
    public async Task Cancellation_ends_the_connection()
    {
        using var stop = new CancellationTokenSource();
        var gone = new TaskCompletionSource();
        await using var server = new SocketServer("v5.channel.k8s.io", async socket =>
        {
            await SocketServer.SayAsync(socket, 1, "begun");
            await Assert.ThrowsAsync<WebSocketException>(() => SocketServer.HearAsync(socket));
            gone.SetResult();
        });
        var request = Request(["sleep"]) with { Output = (_, _) => new ValueTask(stop.CancelAsync()) };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(server, request, stop.Token));
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_refusal_says_which_right_is_missing()
    {
        await using var server = new FakeApiServer((_, reply) => reply.FailAsync(403, "Forbidden", "pods is forbidden"));
        using var client = FakeCluster.Client(server.Address);

        var error = await Assert.ThrowsAsync<HomelabException>(() => PodExec.RunAsync(client, Request(["date"]), CancellationToken.None));

        Assert.Equal("AccessDenied", error.Id);
        Assert.Contains("pods/exec", error.Message, StringComparison.Ordinal);
    }

    private static async Task<int> RunAsync(SocketServer server, ExecRequest request, CancellationToken stop = default)
    {
        using var client = FakeCluster.Client(server.Address);
        return await PodExec.RunAsync(client, request, stop).WaitAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
    }

    private ExecRequest Request(IReadOnlyList<string> command) => new("media", "sonarr", "app", command) { Output = Keep(_output), Error = Keep(_errors) };

    private static Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> Keep(StringBuilder text) => (bytes, _) =>
    {
        text.Append(Encoding.UTF8.GetString(bytes.Span));
        return ValueTask.CompletedTask;
    };
}
