using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Tests.Controllers.Workloads;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.Nodes;

public sealed class NodeLifecycleTests
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(41);

    // A kubelet has half a second of real time.
    private static readonly TimeSpan LessThanGrace = TimeSpan.FromMilliseconds(350);
    private static readonly TimeSpan Toleration = TimeSpan.FromSeconds(301);

    [Fact]
    public async Task A_node_without_power_is_lost_with_its_pods_and_comes_back()
    {
        await using var nodes = await NodeCluster.StartAsync();
        var cluster = nodes.Cluster;
        await cluster.CreateAsync(Types.DaemonSet, """{"metadata":{"name":"agent"},"spec":{"selector":{"matchLabels":{"app":"agent"}},"template":{"metadata":{"labels":{"app":"agent"}},"spec":{"containers":[{"name":"main","image":"nginx:1"}]}}}}""");
        await cluster.AddPodAsync("alone", "\"nodeName\":\"w1\"");
        await nodes.PodReadyAsync("alone");
        await cluster.UntilAsync(Types.DaemonSet, "agent", item => Number(item, "status.numberReady") == 2, "there is a pod on each node");
        await cluster.RestAsync();

        nodes.World.Node("w1").IsPowered = false;
        await cluster.RestAsync();
        Assert.Equal("True", NodeCluster.Status(await cluster.GetAsync(ResourceType.Node, "w1"), "Ready"));
        cluster.Clock.Advance(Silence);
        var lost = await nodes.LostAsync("w1");
        foreach (var condition in new[] { "Ready", "MemoryPressure", "DiskPressure", "PIDPressure" })
        {
            Assert.Equal(("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status."), (NodeCluster.Status(lost, condition), lost.Reason(condition), lost.Message(condition)));
        }

        Assert.Equal(["NoExecute", "NoSchedule"], Items(lost, "spec.taints").Select(taint => Text(taint, "effect")).Order());
        await cluster.UntilAsync(ResourceType.Pod, "alone", pod => NodeCluster.Status(pod, "Ready") == "False" && Text(pod, "status.phase") == "Running" && !Ownership.IsDeleting(pod), "its pod is not ready");
        await Cluster.UntilAsync(async () => (await cluster.EventsAsync("alone")).Contains(("NodeNotReady", "Node is not ready")), "it is told that the node is not ready");
        await cluster.UntilAsync(Types.DaemonSet, "agent", item => Number(item, "status.numberReady") == 1, "one pod of the set is not ready");

        await cluster.RestAsync();
        cluster.Clock.Advance(Toleration);
        await cluster.UntilAsync(ResourceType.Pod, "alone", Ownership.IsDeleting, "it is evicted");
        await Cluster.UntilAsync(async () => (await cluster.EventsAsync("alone")).Exists(item => item.Reason == "TaintManagerEviction"), "it is told");
        await cluster.RestAsync();
        Assert.Equal(2, (await cluster.PodsAsync(2)).Count(pod => Text(pod, "metadata.name").StartsWith("agent-", StringComparison.Ordinal)));
        Assert.NotNull(await cluster.FindAsync(ResourceType.Pod, "alone"));

        // The other was heard of all the time, however far the clock jumped.
        Assert.DoesNotContain(await ListNodeEventsAsync(cluster), item => item is { Node: "w2", Reason: "NodeNotReady" });

        nodes.World.Node("w1").IsPowered = true;
        await nodes.ReadyAsync("w1");
        await cluster.GoneAsync(ResourceType.Pod, "alone");
        await cluster.UntilAsync(Types.DaemonSet, "agent", item => Number(item, "status.numberReady") == 2, "both are ready again");
        Assert.Empty(cluster.Host.Faults);
    }

    [Theory]
    [InlineData("forced")]
    [InlineData("out of service")]
    [InlineData("power")]
    public async Task A_Recreate_rollout_waits_for_the_pod_of_a_dead_node(string remedy)
    {
        await using var nodes = await NodeCluster.StartAsync();
        var cluster = nodes.Cluster;
        await cluster.CreateAsync(Types.Deployment, Web("primary"));
        var old = Text((await cluster.PodsAsync(1, pod => NodeCluster.Status(pod, "Ready") == "True"))[0], "metadata.name");
        nodes.World.Node("w1").IsPowered = false;
        cluster.Clock.Advance(Silence);
        await nodes.LostAsync("w1");
        await cluster.RestAsync();
        cluster.Clock.Advance(Toleration);
        await cluster.UntilAsync(ResourceType.Pod, old, Ownership.IsDeleting, "the old pod is evicted");

        await cluster.PatchAsync(Types.Deployment, "web", """{"spec":{"template":{"spec":{"nodeSelector":{"role":"backup"}}}}}""");
        await cluster.PodsAsync(0);
        await cluster.RestAsync();
        Assert.True(Ownership.IsDeleting(await cluster.GetAsync(ResourceType.Pod, old)));
        Assert.Single(await cluster.ListAsync(Types.ReplicaSet));

        switch (remedy)
        {
            case "forced":
                await cluster.DeleteAsync(ResourceType.Pod, old, new() { GracePeriodSeconds = 0 });
                break;
            case "out of service":
                await TaintAsync(cluster, "w1", "node.kubernetes.io/out-of-service", "NoExecute");
                break;
            default:
                nodes.World.Node("w1").IsPowered = true;
                break;
        }

        await cluster.GoneAsync(ResourceType.Pod, old);
        Assert.Equal("w2", Text((await cluster.PodsAsync(1, pod => NodeCluster.Status(pod, "Ready") == "True"))[0], "spec.nodeName"));
        await cluster.UntilAsync(Types.Deployment, "web", item => item.Reason("Progressing") == "NewReplicaSetAvailable" && Number(item, "status.updatedReplicas") == 1, "the rollout is complete");
        Assert.Empty(cluster.Host.Faults);
    }

    [Fact]
    public async Task A_taint_of_a_user_evicts_those_that_do_not_bear_it()
    {
        await using var nodes = await NodeCluster.StartAsync();
        var cluster = nodes.Cluster;
        await cluster.AddPodAsync("stays", "\"nodeName\":\"w1\",\"tolerations\":[{\"key\":\"repair\",\"operator\":\"Exists\"}]");
        await cluster.AddPodAsync("lingers", "\"nodeName\":\"w1\",\"tolerations\":[{\"key\":\"repair\",\"operator\":\"Exists\",\"effect\":\"NoExecute\",\"tolerationSeconds\":60}]");
        await cluster.AddPodAsync("goes", "\"nodeName\":\"w1\"");
        foreach (var pod in new[] { "stays", "lingers", "goes" })
        {
            await nodes.PodReadyAsync(pod);
        }

        await TaintAsync(cluster, "w1", "repair", "NoExecute");
        await cluster.GoneAsync(ResourceType.Pod, "goes");
        await cluster.RestAsync();
        await nodes.PodReadyAsync("lingers");
        cluster.Clock.Advance(TimeSpan.FromSeconds(61));
        await cluster.GoneAsync(ResourceType.Pod, "lingers");
        await nodes.PodReadyAsync("stays");
    }

    [Fact]
    public async Task A_node_that_is_removed_stays_away_until_its_kubelet_is_started_anew_and_its_pods_are_forgotten()
    {
        await using var nodes = await NodeCluster.StartAsync();
        var cluster = nodes.Cluster;
        await cluster.AddPodAsync("alone", "\"nodeName\":\"w1\"");
        var uid = Ownership.Uid(await nodes.PodReadyAsync("alone"));
        await cluster.DeleteAsync(ResourceType.Node, "w1");
        await cluster.RestAsync();
        cluster.Clock.Advance(TimeSpan.FromSeconds(15));
        await cluster.RestAsync();
        Assert.Null(await cluster.FindAsync(ResourceType.Node, "w1"));
        await RestartKubeletAsync(nodes, "w1");
        cluster.Clock.Advance(Silence);
        await cluster.RestAsync();
        Assert.Equal(uid, Ownership.Uid(await nodes.PodReadyAsync("alone")));

        // Neither network nor time brings it back, and its pods go though their kubelet runs.
        await cluster.DeleteAsync(ResourceType.Node, "w1");
        await cluster.RestAsync();
        nodes.World.Node("w1").IsConnected = false;
        nodes.World.Node("w1").IsConnected = true;
        await cluster.RestAsync();
        Assert.NotNull(await cluster.FindAsync(ResourceType.Pod, "alone"));
        cluster.Clock.Advance(Silence);
        await cluster.GoneAsync(ResourceType.Pod, "alone");
        await cluster.RestAsync();
        Assert.Null(await cluster.FindAsync(ResourceType.Node, "w1"));

        nodes.World.Node("w1").IsPowered = false;
        nodes.World.Node("w1").IsPowered = true;
        await nodes.ReadyAsync("w1");
    }

    [Fact]
    public async Task A_clock_that_runs_fast_loses_no_node()
    {
        await using var nodes = await NodeCluster.StartAsync();
        nodes.Cluster.Clock.Rate = 1000;
        await Task.Delay(TimeSpan.FromSeconds(2), Cluster.Stop);
        nodes.Cluster.Clock.Rate = 1;
        Assert.DoesNotContain(await ListNodeEventsAsync(nodes.Cluster), item => item.Reason == "NodeNotReady");
        Assert.Empty(nodes.Cluster.Host.Faults);
    }

    [Fact]
    public async Task A_node_that_reports_in_is_waited_for_no_longer()
    {
        await using var nodes = await NodeCluster.StartAsync();
        var quickest = TimeSpan.MaxValue;
        for (var time = 0; time < 20 && quickest > LessThanGrace; time++)
        {
            await nodes.Cluster.RestAsync();
            nodes.World.Node("w1").KubeletRuns = false;
            nodes.Cluster.Clock.Advance(Silence);
            await Cluster.UntilAsync(() => Task.FromResult(!nodes.Cluster.Host.IsIdle), "it is suspected");
            var began = TimeProvider.System.GetTimestamp();
            nodes.World.Node("w1").KubeletRuns = true;
            await nodes.Cluster.RestAsync();
            var took = TimeProvider.System.GetElapsedTime(began);
            quickest = took < quickest ? took : quickest;
            await nodes.ReadyAsync("w1");
        }

        Assert.InRange(quickest, TimeSpan.Zero, LessThanGrace);
    }

    private static async Task RestartKubeletAsync(NodeCluster nodes, string node)
    {
        nodes.World.Node(node).KubeletRuns = false;
        nodes.World.Node(node).KubeletRuns = true;
        await nodes.ReadyAsync(node);
    }

    private static string Web(string role) => $$"""
        {"metadata":{"name":"web"},"spec":{"strategy":{"type":"Recreate"},"selector":{"matchLabels":{"app":"web"} },
        "template":{"metadata":{"labels":{"app":"web"} },"spec":{"nodeSelector":{"role":"{{role}}"},"containers":[{"name":"main","image":"nginx:1"}]} } } }
        """;

    private static async Task TaintAsync(Cluster cluster, string node, string key, string effect)
    {
        // As kubectl does: the taints that are there stay, and it tries again when somebody else was faster.
        var taints = new JsonArray([.. Items(await cluster.GetAsync(ResourceType.Node, node), "spec.taints").Select(taint => taint.DeepClone()), new JsonObject { ["key"] = key, ["effect"] = effect }]);
        await cluster.PatchAsync(ResourceType.Node, node, new JsonObject { ["spec"] = new JsonObject { ["taints"] = taints } }.ToJsonString());
    }

    private static async Task<List<(string Node, string Reason)>> ListNodeEventsAsync(Cluster cluster) =>
        [.. (await cluster.ListAsync(ResourceType.Event)).Where(item => Text(item, "involvedObject.kind") == "Node").Select(item => (Text(item, "involvedObject.name"), Text(item, "reason")))];
}
