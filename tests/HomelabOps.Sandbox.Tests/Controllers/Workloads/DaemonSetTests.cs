using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.Workloads;

public sealed class DaemonSetTests
{
    [Fact]
    public async Task It_has_a_pod_on_each_node_that_it_bears()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await cluster.AddNodeAsync("n1");
        await cluster.AddNodeAsync("n2");
        await cluster.AddNodeAsync("control", spec: "\"taints\":[{\"key\":\"role\",\"value\":\"control\",\"effect\":\"NoSchedule\"}]");
        await cluster.CreateAsync(Types.DaemonSet, Agent());
        await ReadyAsync(cluster, 2);
        Assert.Equal(["n1", "n2"], (await cluster.PodsAsync(2)).Select(NodeOf).Order());

        await cluster.AddNodeAsync("n3", spec: "\"unschedulable\":true");
        await ReadyAsync(cluster, 3);

        // What keeps new pods away leaves those that run.
        await cluster.PatchAsync(ResourceType.Node, "n1", """{"spec":{"taints":[{"key":"role","value":"control","effect":"NoSchedule"}]}}""");
        await cluster.UntilAsync(Types.DaemonSet, "agent", item => Number(item, "status.desiredNumberScheduled") == 2 && Number(item, "status.numberMisscheduled") == 1, "one is where it would not be put");
        await cluster.RestAsync();
        Assert.Equal(["n1", "n2", "n3"], (await cluster.PodsAsync(3)).Select(NodeOf).Order());

        await cluster.DeleteAsync(ResourceType.Node, "n3");
        Assert.Equal(["n1", "n2"], (await cluster.PodsAsync(2)).Select(NodeOf).Order());
        Assert.Empty(cluster.Host.Faults);
    }

    [Fact]
    public async Task A_new_template_goes_from_node_to_node()
    {
        await using var cluster = await WorkloadCluster.StartAsync(out var kubelet);
        await cluster.AddNodeAsync("n1");
        await cluster.AddNodeAsync("n2");
        await cluster.CreateAsync(Types.DaemonSet, Agent());
        await ReadyAsync(cluster, 2);

        // One that does not start stops the rollout, and the next template mends it.
        kubelet.Broken["agent:2"] = true;
        await SetImageAsync(cluster, "agent:2");
        await cluster.UntilAsync(Types.DaemonSet, "agent", item => Number(item, "status.updatedNumberScheduled") == 1 && Number(item, "status.numberUnavailable") == 1, "the first is updated");
        await cluster.RestAsync();
        Assert.Equal(["agent:1", "agent:2"], (await cluster.PodsAsync(2)).Select(Image).Order());
        await SetImageAsync(cluster, "agent:3");
        await ReadyAsync(cluster, 2);
        Assert.All(await cluster.PodsAsync(2), pod => Assert.Equal("agent:3", Image(pod)));
        Assert.Empty(cluster.Host.Faults);
    }

    [Fact]
    public async Task Broken_everywhere_it_is_mended_by_the_next_template()
    {
        await using var cluster = await WorkloadCluster.StartAsync(out var kubelet);
        kubelet.Broken["agent:1"] = true;
        foreach (var node in new[] { "n1", "n2", "n3" })
        {
            await cluster.AddNodeAsync(node);
        }

        await cluster.CreateAsync(Types.DaemonSet, Agent());
        await cluster.UntilAsync(Types.DaemonSet, "agent", item => Number(item, "status.numberUnavailable") == 3 && Number(item, "status.currentNumberScheduled") == 3, "none is ready");
        await SetImageAsync(cluster, "agent:2");
        await ReadyAsync(cluster, 3);
    }

    [Fact]
    public async Task A_pod_that_has_ended_is_replaced_and_OnDelete_waits_for_its_user()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await cluster.AddNodeAsync("n1");
        await cluster.CreateAsync(Types.DaemonSet, Agent("\"updateStrategy\":{\"type\":\"OnDelete\"},"));
        await ReadyAsync(cluster, 1);
        var pod = (await cluster.PodsAsync(1))[0];
        await cluster.EndAsync(pod, 1);
        var next = (await cluster.PodsAsync(1, item => Text(item, "metadata.uid") != Text(pod, "metadata.uid")))[0];
        await ReadyAsync(cluster, 1);

        await SetImageAsync(cluster, "agent:2");
        await cluster.UntilAsync(Types.DaemonSet, "agent", item => Number(item, "status.observedGeneration") == 2, "the template is seen");
        await cluster.RestAsync();
        Assert.Equal("agent:1", Image((await cluster.PodsAsync(1))[0]));
        await cluster.DeleteAsync(ResourceType.Pod, Text(next, "metadata.name"));
        Assert.Equal("agent:2", Image((await cluster.PodsAsync(1, item => Text(item, "metadata.uid") != Text(next, "metadata.uid")))[0]));
        Assert.Empty(cluster.Host.Faults);
    }

    private static string Agent(string spec = "") => $$"""
        {"metadata":{"name":"agent"},"spec":{ {{spec}}"selector":{"matchLabels":{"app":"agent"} },"template":{"metadata":{"labels":{"app":"agent"} },"spec":{"containers":[{"name":"main","image":"agent:1"}]} } } }
        """;

    private static Task<JsonObject> SetImageAsync(Cluster cluster, string image) =>
        cluster.PatchAsync(Types.DaemonSet, "agent", $$"""{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"{{image}}"}]} } } }""");

    private static Task<JsonObject> ReadyAsync(Cluster cluster, int count) => cluster.UntilAsync(
        Types.DaemonSet,
        "agent",
        item => Number(item, "status.observedGeneration") == Number(item, "metadata.generation")
            && ((string[])["desiredNumberScheduled", "currentNumberScheduled", "updatedNumberScheduled", "numberReady", "numberAvailable"]).All(field => Number(item, $"status.{field}") == count)
            && item["status"]!["numberUnavailable"] is null,
        $"all {count} are ready");

    private static string Image(JsonObject pod) => Text(Items(pod, "spec.containers").First(), "image");

    private static string NodeOf(JsonObject pod) =>
        (string?)Items(pod, "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms").Single()["matchFields"]![0]!["values"]![0] ?? "";
}
