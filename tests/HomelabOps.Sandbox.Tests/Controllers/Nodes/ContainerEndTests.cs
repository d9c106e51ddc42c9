using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Tests.Controllers.Nodes;

/// <summary>How containers end, and what their commands do until then.</summary>
public sealed class ContainerEndTests
{
    private const string Waiting = "while :; do sleep 1; done";

    [Fact]
    public async Task A_file_is_there_as_long_as_the_script_leaves_it_there()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        var pod = KubeletCluster.Script("app", "touch /tmp/ok; sleep 30; rm /tmp/ok; sleep 100000");
        KubeletCluster.Container(pod)["readinessProbe"] = Probe("cat", "/tmp/ok");
        await cluster.CreateAsync(pod);
        var ready = await cluster.UntilReadyAsync("app");
        Assert.Equal(0, await RunAsync(cluster, ready, "test", "-f", "/tmp/ok"));
        cluster.Advance(31);
        Assert.Equal(1, await RunAsync(cluster, ready, "test", "-f", "/tmp/ok"));
    }

    [Fact]
    public async Task A_script_sees_what_others_write_meanwhile()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        await cluster.CreateAsync(KubeletCluster.Script("app", "until test -f /tmp/go; do sleep 1; done; echo went; tail -f /tmp/go"));
        var running = await cluster.UntilReadyAsync("app");
        cluster.Advance(5);
        await RunAsync(cluster, running, "sh", "-c", "echo a line > /tmp/go");
        cluster.Advance(2);
        Assert.Equal("200 went\na line\n", await cluster.LogAsync("app"));
        await RunAsync(cluster, running, "sh", "-c", "echo another >> /tmp/go");
        cluster.Advance(2);
        Assert.Equal("200 went\na line\nanother\n", await cluster.LogAsync("app"));
    }

    [Theory]
    [InlineData(Waiting, 137, 31)]
    [InlineData("trap 'exit 5' TERM; " + Waiting, 5, 2)]
    [InlineData("sleep 100000", 137, 31)]
    public async Task A_container_whose_liveness_fails_has_its_grace(string script, int code, double after)
    {
        await using var cluster = await KubeletCluster.StartAsync();
        var pod = KubeletCluster.Script("app", script, "Always");
        KubeletCluster.Container(pod)["livenessProbe"] = Probe("false");
        await cluster.CreateAsync(pod);
        await cluster.UntilEventAsync("app", "Killing", "Container app failed liveness probe, will be restarted");
        Assert.Equal(0, KubeletCluster.Restarts((await cluster.FindAsync("app"))!));
        cluster.Advance(after);
        await EndedAsync(cluster, code);
    }

    [Fact]
    public async Task A_probe_may_say_how_much_grace_there_is()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        var pod = KubeletCluster.Script("app", Waiting, "Always");
        KubeletCluster.Container(pod)["startupProbe"] = Probe("false");
        KubeletCluster.Container(pod)["startupProbe"]!["terminationGracePeriodSeconds"] = 5;
        await cluster.CreateAsync(pod);
        await cluster.UntilEventAsync("app", "Killing", "Container app failed startup probe, will be restarted");
        cluster.Advance(5);
        await EndedAsync(cluster, 137);
    }

    [Fact]
    public async Task An_application_that_fails_its_liveness_ends_when_it_is_asked_to()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        var pod = KubeletCluster.Pod("app");
        KubeletCluster.Container(pod)["livenessProbe"] = Probe("false");
        await cluster.CreateAsync(pod);
        await EndedAsync(cluster, 0);
    }

    [Fact]
    public async Task A_hook_comes_before_the_end()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        var pod = KubeletCluster.Script("app", "trap 'exit 0' TERM; until test -f /tmp/stop; do sleep 1; done; echo saw it; " + Waiting);
        KubeletCluster.Container(pod)["lifecycle"] = new JsonObject { ["preStop"] = new JsonObject { ["exec"] = new JsonObject { ["command"] = new JsonArray("sh", "-c", "touch /tmp/stop; sleep 10") } } };
        pod["metadata"]!["finalizers"] = new JsonArray("example.org/held");
        await cluster.CreateAsync(pod);
        await cluster.UntilReadyAsync("app");
        await cluster.DeleteAsync("app");
        await cluster.UntilEventAsync("app", "Killing", "Stopping container app");
        cluster.Advance(5);
        Assert.Equal("200 saw it\n", await cluster.LogAsync("app"));
        Assert.Equal("running", KubeletCluster.State((await cluster.FindAsync("app"))!));
        cluster.Advance(6);
        cluster.Advance(1);
        var ended = await cluster.UntilAsync("app", found => KubeletCluster.State(found) == "terminated", "an end");
        Assert.Equal("0", Cells.Text(Cells.Items(ended, "status.containerStatuses").First(), "state.terminated.exitCode"));
    }

    [Fact]
    public async Task A_process_can_be_ended_from_within()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        await cluster.CreateAsync(KubeletCluster.Pod("app"));
        await cluster.CreateAsync(KubeletCluster.Script("script", "trap 'exit 6' TERM; " + Waiting));
        await cluster.CreateAsync(KubeletCluster.Script("deaf", Waiting));
        var (app, script, deaf) = (await cluster.UntilReadyAsync("app"), await cluster.UntilReadyAsync("script"), await cluster.UntilReadyAsync("deaf"));
        Assert.Equal(0, await RunAsync(cluster, app, "kill", "1"));
        Assert.Equal(0, await RunAsync(cluster, script, "kill", "1"));
        Assert.Equal(0, await RunAsync(cluster, deaf, "kill", "-9", "1"));
        await cluster.UntilAsync("app", found => KubeletCluster.Restarts(found) == 1, "a restart");
        cluster.Advance(2);
        var ended = await cluster.UntilAsync("script", found => KubeletCluster.State(found) == "terminated", "an end");
        Assert.Equal("6", Cells.Text(Cells.Items(ended, "status.containerStatuses").First(), "state.terminated.exitCode"));
        Assert.Equal("running", KubeletCluster.State((await cluster.FindAsync("deaf"))!));
    }

    [Fact]
    public async Task A_pod_that_is_evicted_ends_its_containers_soon()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        await cluster.CreateAsync(KubeletCluster.Script("app", Waiting));
        await cluster.UntilReadyAsync("app");
        cluster.World.Node("w1").HasDiskPressure = true;
        await cluster.UntilAsync("app", found => Cells.Text(found, "status.reason") == "Evicted", "an eviction");
        cluster.Advance(2);
        var ended = await cluster.UntilAsync("app", found => KubeletCluster.State(found) == "terminated", "an end");
        Assert.Equal("137", Cells.Text(Cells.Items(ended, "status.containerStatuses").First(), "state.terminated.exitCode"));
    }

    [Fact]
    public async Task The_processes_of_a_container_are_seen()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        await cluster.CreateAsync(KubeletCluster.Script("app", "sleep 100000 & sleep 200000"));
        var running = await cluster.UntilReadyAsync("app");
        var (_, text) = await OutputAsync(cluster, running, "ps");
        Assert.Equal("PID   USER     TIME  COMMAND\n    1 root      0:00 sh -c sleep 100000 & sleep 200000\n    2 root      0:00 sh -c sleep 100000 & sleep 200000\n    3 root      0:00 sleep 100000\n    4 root      0:00 sleep 200000\n    5 root      0:00 ps\n", text);
        Assert.Equal((0, "4 3\n"), await OutputAsync(cluster, running, "pidof", "sleep"));
        Assert.Equal((1, ""), await OutputAsync(cluster, running, "pgrep", "nothing"));
        Assert.Equal((1, "not a tty\n"), await OutputAsync(cluster, running, "tty"));
    }

    private static JsonObject Probe(params string[] command) => new()
    {
        ["exec"] = new JsonObject { ["command"] = new JsonArray([.. command.Select(word => (JsonNode)word)]) },
        ["failureThreshold"] = 1,
    };

    private static async Task EndedAsync(KubeletCluster cluster, int code)
    {
        var pod = await cluster.UntilAsync("app", found => KubeletCluster.Restarts(found) == 1 || KubeletCluster.State(found) == "CrashLoopBackOff", "a restart");
        var last = Cells.At(Cells.Items(pod, "status.containerStatuses").First(), "lastState.terminated");
        Assert.Equal(($"{code}", code == 0 ? "Completed" : "Error"), (Cells.Text(last, "exitCode"), Cells.Text(last, "reason")));
    }

    private static async Task<int> RunAsync(KubeletCluster cluster, JsonObject pod, params string[] command) => (await OutputAsync(cluster, pod, command)).Code;

    private static async Task<(int Code, string Output)> OutputAsync(KubeletCluster cluster, JsonObject pod, params string[] command)
    {
        using var output = new MemoryStream();
        var code = await cluster.Runtime.ExecuteAsync(pod, new("app", command, Attach: false, Tty: false, Stream.Null, output, output), Cluster.Stop);
        return (code, Encoding.UTF8.GetString(output.ToArray()));
    }
}
