using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Commands in containers, over WebSockets: channel 0 to 2 are the standard streams, 3 tells how it ended.</summary>
public abstract class ExecChecks(ServerUnderTest server) : RunningPodChecks(server)
{
    private const string Newest = "v5.channel.k8s.io";
    private const string Oldest = "v4.channel.k8s.io";
    private const string Both = Newest + ", " + Oldest;

    [Fact]
    public void The_newest_protocol_that_both_speak_is_chosen()
    {
        using var newest = Exec(Both, "", "true");
        newest.ToEnd();
        Assert.Equal(Since(VersionDifference.EndOfInput, Newest, Oldest), newest.Protocol);
        using var oldest = Exec(Oldest, "", "true");
        oldest.ToEnd();
        Assert.Equal(Oldest, oldest.Protocol);
    }

    [Theory]
    [InlineData(Oldest)]
    [InlineData(Both)]
    public void Both_outputs_come_apart_and_success_is_told(string protocols)
    {
        using var socket = Exec(protocols, "", "sh", "-c", "echo out; echo err >&2");
        socket.ToEnd();
        Assert.Equal(("out\n", "err\n", """{"metadata":{},"status":"Success"}"""), (socket[1], socket[2], socket[3]));
    }

    [Theory]
    [InlineData(Oldest)]
    [InlineData(Both)]
    public void The_exit_code_is_told(string protocols)
    {
        using var socket = Exec(protocols, "", "sh", "-c", "exit 7");
        socket.ToEnd();
        Assert.Equal(
            """{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code: error executing command [sh -c exit 7], exit code 7","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"7"}]}}""",
            socket[3]);
    }

    [Fact]
    public void An_output_that_nobody_wants_does_not_come()
    {
        using var socket = Socket($"{Web}/exec?container=web&stderr=true&command=sh&command=-c&command=echo%20out%3Becho%20err%20%3E%262", Both);
        socket.ToEnd();
        Assert.Equal(("", "err\n"), (socket[1], socket[2]));
    }

    [Fact]
    public void Input_reaches_the_command_while_it_runs()
    {
        using var socket = Exec(Both, "&stdin=true", "sh", "-c", "read a; echo got $a; read b; echo and $b");
        socket.Send(0, "first\n");
        socket.Until(1, "got first\n");
        socket.Send(0, "sec");
        socket.Send(0, "ond\n");
        socket.ToEnd();
        Assert.Equal(("got first\nand second\n", "Success"), (socket[1], Status(socket, "status")));
    }

    [Fact]
    public void The_end_of_the_input_is_told_where_the_protocol_knows_one()
    {
        using var socket = Exec(Both, "&stdin=true", "cat");
        socket.Send(0, "all of it");
        socket.Until(1, "all of it");
        if (socket.Protocol == Newest)
        {
            socket.Send(255, [0]);
            socket.ToEnd();
            Assert.Equal("Success", Status(socket, "status"));
        }
    }

    [Fact]
    public void Much_comes_whole()
    {
        using var socket = Exec(Both, "", "sh", "-c", "i=0; while [ $i -lt 3000 ]; do echo line $i of many; i=$((i+1)); done");
        socket.ToEnd();
        Assert.Equal(string.Concat(Enumerable.Range(0, 3000).Select(number => $"line {number} of many\n")), socket[1]);
    }

    [Fact]
    public void A_terminal_mixes_both_outputs()
    {
        using var socket = Socket($"{Web}/exec?container=web&stdin=true&stdout=true&tty=true&command=sh&command=-c&command=echo%20out%3Becho%20err%20%3E%262%3Bsleep%202", Both);

        // What is written in the moment of the end may be lost with the terminal.
        socket.ToEnd();
        Assert.Equal(("out\r\nerr\r\n", ""), (socket[1], socket[2]));
    }

    [Theory]
    [InlineData("no-such-program", "unable to start container process: exec: \"no-such-program\": executable file not found in $PATH")]
    [InlineData("/no/such", "unable to start container process: exec: \"/no/such\": stat /no/such: no such file or directory")]
    public void A_program_that_is_not_there_is_an_error_of_the_server(string program, string why)
    {
        using var socket = Exec(Both, "", program);
        socket.ToEnd();
        Assert.Equal(("Failure", "InternalError", "500"), (Status(socket, "status"), Status(socket, "reason"), Status(socket, "code")));
        Assert.StartsWith("Internal error occurred: error executing command in container: failed to exec in container: failed to start exec \"", Status(socket, "message"), StringComparison.Ordinal);
        Assert.EndsWith($"\": OCI runtime exec failed: exec failed: {why}: unknown", Status(socket, "message"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_the_shell_does_not_find_is_one_of_the_shell()
    {
        using var socket = Exec(Both, "", "sh", "-c", "no-such-program");
        socket.ToEnd();
        Assert.Equal(("sh: no-such-program: not found\n", "127"), (socket[2], Status(socket, "details.causes[0].message")));
    }

    [Fact]
    public void Of_a_container_that_does_not_run_one_is_told()
    {
        const string Why = "container not found (\"a\")";
        var path = $"{Imageless}/exec?stdout=true&command=true";
        if (Server.Minor < VersionDifference.EndOfInput.Minor)
        {
            Assert.Equal(Why, Refusal(path, Both).Expect(500).Text.Trim());
            return;
        }

        using var socket = Socket(path, Both);
        socket.ToEnd();
        Assert.EndsWith(Why, Status(socket, "message"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_must_be_there()
    {
        const string Why = "container none is not valid for pod web";
        Get(Web + "/exec?container=none&command=true").Fails(400, "BadRequest", Why);
        Refusal(Web + "/exec?container=none&stdout=true&command=true", Both).Fails(400, "BadRequest", Why);
    }

    [Fact]
    public void One_of_several_containers_must_be_named() =>
        Get(Web + "/exec?command=true").Fails(400, "BadRequest", "a container name must be specified for pod web, choose one of: [web side]");

    [Fact]
    public void A_pod_needs_a_node() => Refusal(Unplaced + "/exec?stdout=true&command=true", Both).Fails(400, "BadRequest", "pod unplaced does not have a host assigned");

    [Fact]
    public void A_pod_must_be_there() => Get(Core + "/pods/none/exec?command=true").Fails(404, "NotFound", "pods \"none\" not found");

    [Fact]
    public void Without_an_upgrade_nothing_is_run()
    {
        Get(Web + "/exec?container=web&command=true").Fails(400, "BadRequest", "Upgrade request required");
        Post(Web + "/exec?container=web&command=true", "").Fails(400, "BadRequest", "Upgrade request required");
    }

    [Fact]
    public void A_protocol_that_nobody_speaks_is_refused() => Refusal(Web + "/exec?container=web&stdout=true&command=true", "nonsense").Expect(403);

    private static string? Status(ApiSocket socket, string path) => JsonPlace.Text(JsonNode.Parse(socket[3])!.AsObject(), path);

    private ApiSocket Exec(string protocols, string query, params string[] command) =>
        Socket($"{Web}/exec?container=web&stdout=true&stderr=true{query}{string.Concat(command.Select(word => "&command=" + Uri.EscapeDataString(word)))}", protocols);
}

/// <inheritdoc/>
public sealed class SandboxExec(HomelabUnderTest server) : ExecChecks(server), IClassFixture<HomelabUnderTest>;

/// <inheritdoc/>
public sealed class LabExec(LabUnderTest server) : ExecChecks(server), IClassFixture<LabUnderTest>;
