using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.Scheduling;

public sealed class TopologySpreadTests
{
    // w1 has less room, so by that alone everything goes to w2.
    private const string Crowded = "nodeSelector: {role: primary}, containers: [{name: c, image: i, resources: {requests: {cpu: 1}}}]";
    private const string Broken = "node(s) didn't match pod topology spread constraints";

    [Fact]
    public async Task Pods_of_nothing_go_where_there_is_room()
    {
        await using var cluster = await Placement.StartAsync();
        await cluster.AddPodAsync("crowd", Crowded);
        await cluster.NodeAsync("crowd");
        Assert.Equal(["w2", "w2"], await NodesAsync(cluster, ""));
    }

    [Fact]
    public async Task Pods_of_a_Service_are_spread()
    {
        await using var cluster = await Placement.StartAsync(more: "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: default}\nspec: {selector: {tier: web}, ports: [{port: 80}]}\n");
        await cluster.AddPodAsync("crowd", Crowded);
        await cluster.NodeAsync("crowd");
        Assert.Equal(["w2", "w1"], await NodesAsync(cluster, ""));
    }

    [Theory]
    [InlineData("ReplicaSet")]
    [InlineData("StatefulSet")]
    public async Task Pods_of_a_workload_are_spread(string kind)
    {
        await using var cluster = await Placement.StartAsync();
        await cluster.AddPodAsync("crowd", Crowded);
        await cluster.NodeAsync("crowd");
        var type = kind == "ReplicaSet" ? Types.ReplicaSet : Types.StatefulSet;
        var spec = new JsonObject
        {
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["tier"] = "web" } },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["tier"] = "web" } },
                ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "c", ["image"] = "i" }) },
            },
        };
        var owner = await cluster.Cluster.Client.CreateAsync(type, "default", new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = "web" }, ["spec"] = spec }, Cluster.Stop);
        await Cluster.UntilAsync(() => Task.FromResult(cluster.Cluster.Host.Informer(type).Find("default", "web") is not null), "the scheduler knows the owner");
        Assert.Equal(["w2", "w1"], await NodesAsync(cluster, "", $"ownerReferences: [{{apiVersion: apps/v1, kind: {kind}, name: web, uid: {owner["metadata"]!["uid"]}, controller: true}}]"));
    }

    [Fact]
    public async Task A_wish_is_met_where_it_can_be()
    {
        const string Wish = "topologySpreadConstraints: [{topologyKey: role, maxSkew: 1, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {tier: web}}}]";
        await using var cluster = await Placement.StartAsync();
        await cluster.AddPodAsync("crowd", Crowded);
        await cluster.NodeAsync("crowd");
        Assert.Equal(["w2", "w1"], await NodesAsync(cluster, Wish));

        await cluster.AddPodAsync("bound", $"{Wish}, nodeSelector: {{role: backup}}");
        Assert.Equal("w2", await cluster.NodeAsync("bound"));
    }

    [Fact]
    public async Task What_is_required_is_waited_for()
    {
        const string Requirement = "topologySpreadConstraints: [{topologyKey: zone, maxSkew: 1, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {tier: web}}}]";
        const string Cordoned = "apiVersion: v1\nkind: Node\nmetadata: {name: w2, labels: {kubernetes.io/hostname: w2, zone: b}}\nspec: {unschedulable: true}\n";
        await using var cluster = await Placement.StartAsync(more: "apiVersion: v1\nkind: Node\nmetadata: {name: w1, labels: {kubernetes.io/hostname: w1, zone: a}}\n---\n" + Cordoned);
        await cluster.AddNodeAsync("w3", 2);
        await AddAsync(cluster, "a", Requirement);
        Assert.Equal("w1", await cluster.NodeAsync("a"));

        // A node that takes no pods is a domain all the same.
        await AddAsync(cluster, "b", Requirement);
        var refusal = await cluster.RefusalAsync("b", Broken + " (missing");
        Assert.StartsWith($"0/3 nodes are available: 1 {Broken}, 1 {Broken} (missing required label), 1 node(s) were unschedulable.", refusal, StringComparison.Ordinal);
        await cluster.EventAsync("b", "FailedScheduling", Broken);

        await cluster.ApplyAsync(Cordoned.Replace("true", "false", StringComparison.Ordinal));
        Assert.Equal("w2", await cluster.NodeAsync("b"));
        Assert.Empty(cluster.Cluster.Host.Faults);
    }

    [Fact]
    public async Task A_pod_elsewhere_makes_room_for_one_that_has_to_be_spread()
    {
        const string Requirement = "topologySpreadConstraints: [{topologyKey: kubernetes.io/hostname, maxSkew: 1, whenUnsatisfiable: DoNotSchedule, nodeAffinityPolicy: Ignore, labelSelector: {matchLabels: {tier: web}}}], nodeSelector: {role: primary}";
        await using var cluster = await Placement.StartAsync();
        await AddAsync(cluster, "a", Requirement);
        await cluster.NodeAsync("a");
        await AddAsync(cluster, "b", Requirement);
        await cluster.RefusalAsync("b", "1 " + Broken);

        await AddAsync(cluster, "other", "nodeSelector: {role: backup}");
        Assert.Equal("w1", await cluster.NodeAsync("b"));
    }

    private static Task AddAsync(Placement cluster, string name, string spec, string metadata = "annotations: {}") =>
        cluster.ApplyAsync($"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: default, labels: {{tier: web}}, {metadata}}}\nspec: {{{(spec.Length > 0 ? spec + ", " : "")}containers: [{{name: c, image: i}}]}}\n");

    // Where two pods of a kind go, one after the other.
    private static async Task<string[]> NodesAsync(Placement cluster, string spec, string metadata = "annotations: {}")
    {
        await AddAsync(cluster, "one", spec, metadata);
        var first = await cluster.NodeAsync("one");
        await AddAsync(cluster, "two", spec, metadata);
        return [first, await cluster.NodeAsync("two")];
    }
}
