namespace HomelabOps.Sandbox.Tests.Kubectl;

/// <summary>What goes through the API server to a kubelet: logs, commands, ports.</summary>
public sealed class StreamTests : KubectlTest
{
    public StreamTests() => Seed(Samples.RunningPod);

    [Fact]
    public async Task Logs_come_whole_or_by_their_last_lines()
    {
        Assert.Equal("exporter line 1\nexporter line 2\nexporter line 3\nexporter line 4\nexporter line 5", await OkAsync("logs sonarr -c exporter"));
        Assert.Equal("sonarr line 4\nsonarr line 5", await OkAsync("logs sonarr -c sonarr --tail=2"));
        Assert.Contains("previous terminated container \"sonarr\" in pod \"sonarr\" not found", await FailsAsync("logs sonarr -c sonarr --previous"), StringComparison.Ordinal);
        Assert.Contains("pods \"radarr\" not found", await FailsAsync("logs radarr"), StringComparison.Ordinal);
        Assert.Contains("container nosuch is not valid for pod sonarr", await FailsAsync("logs sonarr -c nosuch"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Followed_logs_come_line_by_line_to_their_end()
    {
        await using var following = Start("logs", "-f", "--tail=1", "-c", "sonarr", "sonarr");
        Assert.Equal("sonarr line 5", await following.LineAsync());
        Node.Log("started");
        Assert.Equal("started", await following.LineAsync());
        Node.Log("stopping");
        Assert.Equal("stopping", await following.LineAsync());
        Node.EndLog();
        Assert.Equal(0, (await following.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task A_command_gives_its_output_and_its_exit_code()
    {
        Assert.Equal("hello there", await OkAsync("exec sonarr -c sonarr -- echo hello there"));
        Assert.Contains("command terminated with exit code 42", await FailsAsync("exec sonarr -c sonarr -- exit 42", code: 42), StringComparison.Ordinal);
        Assert.Contains("executable file not found in $PATH", await FailsAsync("exec sonarr -c sonarr -- nosuch"), StringComparison.Ordinal);
        var warned = await RunAsync(["exec", "sonarr", "-c", "sonarr", "--", "warn", "careful"]);
        Assert.Equal((0, "", "careful\n"), (warned.ExitCode, warned.Output, warned.Error));
        Assert.Equal("attached to exporter", await OkAsync("attach sonarr -c exporter"));
    }

    [Fact]
    public async Task Input_of_any_length_reaches_a_command_and_ends()
    {
        var text = string.Concat(Enumerable.Range(0, 40_000).Select(number => $"{number}\n"));
        Assert.Equal(text.TrimEnd('\n'), await OkAsync("exec -i sonarr -c sonarr -- cat", text));
    }

    [Fact]
    public async Task A_command_on_a_terminal_knows_its_size()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "A terminal for kubectl is made with script(1), which is not here.");
        await using var process = StartOnTerminal(columns: 91, rows: 33, "exec", "-it", "sonarr", "-c", "sonarr", "--", "size");
        var result = await process.EndAsync();
        Assert.True(result.Output.Contains("91x33", StringComparison.Ordinal), $"{result.ExitCode}: {result.Output}{result.Error}");
    }

    [Fact]
    public async Task A_port_is_forwarded_for_several_connections_at_once()
    {
        await using var forwarding = Start("port-forward", "pod/sonarr", $":{TestNodeRuntime.OpenPort}");
        var port = LocalPort(await forwarding.LineAsync());
        using var first = await LineClient.ConnectAsync(port);
        using var second = await LineClient.ConnectAsync(port);
        foreach (var round in Enumerable.Range(0, 50))
        {
            Assert.Equal($"FIRST {round}", await first.AskAsync($"first {round}"));
            Assert.Equal($"SECOND {round}", await second.AskAsync($"second {round}"));
        }

        var longLine = new string('x', 200_000);
        Assert.Equal(longLine.ToUpperInvariant(), await first.AskAsync(longLine));
    }

    [Fact]
    public async Task An_end_of_one_side_reaches_the_other_through_a_forwarded_port()
    {
        await using var forwarding = Start("port-forward", "pod/sonarr", $":{TestNodeRuntime.OpenPort}");
        using var client = await LineClient.ConnectAsync(LocalPort(await forwarding.LineAsync()));
        Assert.Equal("HELLO", await client.AskAsync("hello"));
        client.EndInput();
        Assert.Equal("bye", await client.ReadAsync());
        Assert.Null(await client.ReadAsync());
    }

    [Fact]
    public async Task A_port_on_which_nobody_listens_is_told()
    {
        await using var forwarding = Start("port-forward", "pod/sonarr", ":9");
        using var client = await LineClient.ConnectAsync(LocalPort(await forwarding.LineAsync()));
        Assert.Null(await client.ReadAsync());
        var result = await forwarding.EndAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("error forwarding port 9 to pod sonarr", result.Error, StringComparison.Ordinal);
        Assert.Contains("connection refused", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_proxy_leads_to_pods_by_name_and_port()
    {
        var path = $"{Server.Url.AbsolutePath}api/v1/namespaces/default/pods/sonarr:8080/proxy/api/status";
        Assert.Equal("GET pods sonarr [8080] /api/status", await OkAsync($"get --raw {path}"));
    }

    // "Forwarding from 127.0.0.1:40001 -> 8080"
    private static int LocalPort(string line) => int.Parse(line.Split(' ')[2].Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
}
