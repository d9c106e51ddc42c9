using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Tests.Kubectl;

/// <summary>kubectl on nodes and what they measure.</summary>
public sealed class NodeTests : KubectlTest
{
    public NodeTests() => Seed(Samples.RunningPod);

    [Fact]
    public async Task Cordon_and_uncordon_show_in_the_table()
    {
        Assert.Equal("node/k3s-w1 cordoned", await OkAsync("cordon k3s-w1"));
        Assert.StartsWith("k3s-w1|Ready,SchedulingDisabled|worker|", Rows(await OkAsync("get nodes --no-headers"))[0], StringComparison.Ordinal);
        Assert.Equal("node/k3s-w1 uncordoned", await OkAsync("uncordon k3s-w1"));
        Assert.StartsWith("k3s-w1|Ready|worker|", Rows(await OkAsync("get nodes --no-headers"))[0], StringComparison.Ordinal);
        Assert.Equal("node/k3s-w1 tainted", await OkAsync("taint node k3s-w1 only=media:NoSchedule"));
    }

    [Fact]
    public async Task Drain_evicts_what_may_go_and_waits_for_its_budget()
    {
        Assert.Contains("cannot delete Pods that declare no controller", await FailsAsync("drain k3s-w1"), StringComparison.Ordinal);
        Seed("""
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: {name: sonarr}
            spec:
              minAvailable: 1
              selector:
                matchLabels: {app: sonarr}
            status: {observedGeneration: 1, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1, disruptionsAllowed: 0}
            """);
        var refused = await RunAsync(["drain", "k3s-w1", "--force", "--timeout=2s"]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("Cannot evict pod as it would violate the pod's disruption budget.", refused.Error, StringComparison.Ordinal);
        await OkAsync("delete pdb sonarr");
        await using var draining = Start("drain", "k3s-w1", "--force", "--grace-period=1");
        Assert.Equal("node/k3s-w1 already cordoned", await draining.LineAsync());
        Assert.Equal("evicting pod default/sonarr", await draining.LineAsync());

        // A kubelet would report the end of the containers this way.
        await OkAsync("wait --for=jsonpath={.metadata.deletionGracePeriodSeconds}=1 pod/sonarr --timeout=60s");
        await OkAsync("delete pod sonarr --force --grace-period=0");
        Assert.Equal("pod/sonarr evicted", await draining.LineAsync());
        Assert.Equal("node/k3s-w1 drained", await draining.LineAsync());
        Assert.Equal(0, (await draining.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Top_shows_usage_of_nodes_and_pods()
    {
        Node.NodeUsage.Add(new() { ["metadata"] = new JsonObject { ["name"] = "k3s-w1" }, ["timestamp"] = "2026-01-01T00:00:00Z", ["window"] = "30s", ["usage"] = Usage("1", "2Gi") });
        Node.PodUsage.Add(new()
        {
            ["metadata"] = new JsonObject { ["name"] = "sonarr", ["namespace"] = "default" },
            ["timestamp"] = "2026-01-01T00:00:00Z",
            ["window"] = "30s",
            ["containers"] = new JsonArray(new JsonObject { ["name"] = "sonarr", ["usage"] = Usage("12m", "200Mi") }, new JsonObject { ["name"] = "exporter", ["usage"] = Usage("3m", "20Mi") }),
        });
        Assert.Equal(["NAME|CPU(cores)|CPU(%)|MEMORY(bytes)|MEMORY(%)", "k3s-w1|1000m|25%|2048Mi|25%"], Rows(await OkAsync("top nodes")));
        Assert.Equal(["NAME|CPU(cores)|MEMORY(bytes)", "sonarr|15m|220Mi"], Rows(await OkAsync("top pods")));
        Assert.Equal(["POD|NAME|CPU(cores)|MEMORY(bytes)", "sonarr|exporter|3m|20Mi", "sonarr|sonarr|12m|200Mi"], Rows(await OkAsync("top pods --containers")));
    }

    [Fact]
    public async Task Describe_tells_of_a_node_and_its_pods()
    {
        var text = await OkAsync("describe node k3s-w1");
        Assert.Contains("KubeletReady", text, StringComparison.Ordinal);
        Assert.Contains("InternalIP:  192.168.10.21", text, StringComparison.Ordinal);
        Assert.Contains("Non-terminated Pods:          (1 in total)", text, StringComparison.Ordinal);
        Assert.Contains("Ready:          True", await OkAsync("describe pod sonarr"), StringComparison.Ordinal);
    }

    private static JsonObject Usage(string cpu, string memory) => new() { ["cpu"] = cpu, ["memory"] = memory };
}
