using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Nodes;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Controllers.Scheduling;
using HomelabOps.Sandbox.Controllers.Volumes;
using HomelabOps.Sandbox.Controllers.Workloads;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.Nodes;

/// <summary>A cluster with two nodes that run pods, w1 (primary) and w2 (backup), and all that leads to pods.</summary>
internal sealed class NodeCluster : IAsyncDisposable
{
    private NodeCluster()
    {
        NodeRuntime? runtime = null;
        Cluster = new(options => options with { NodeRuntime = runtime = new NodeRuntime(options.Clock) });
        Runtime = runtime!;
        WorkloadControllers.AddTo(Cluster.Host);
        VolumeControllers.AddTo(Cluster.Host);
        SchedulingControllers.AddTo(Cluster.Host);
        World = NodeControllers.AddTo(Cluster.Host, Runtime, [Node(1, "primary"), Node(2, "backup")]);
        Http = new() { BaseAddress = Cluster.Server.Url };
    }

    public Cluster Cluster { get; }

    public NodeRuntime Runtime { get; }

    public NodeWorld World { get; }

    /// <summary>The API as those see it who have only HTTP.</summary>
    public HttpClient Http { get; }

    public static async Task<NodeCluster> StartAsync(IContainerBehavior? behavior = null)
    {
        var result = new NodeCluster();
        if (behavior is not null)
        {
            result.Runtime.Behaviors.Add(behavior);
        }

        await result.Cluster.Host.StartAsync(Cluster.Stop);
        foreach (var node in new[] { "w1", "w2" })
        {
            await result.ReadyAsync(node);
        }

        return result;
    }

    public Task<JsonObject> ReadyAsync(string node) =>
        Cluster.UntilAsync(ResourceType.Node, node, item => Status(item, "Ready") == "True" && Count(item, "spec.taints") == 0, $"{node} is ready");

    public Task<JsonObject> LostAsync(string node) => Cluster.UntilAsync(
        ResourceType.Node,
        node,
        item => Status(item, "Ready") == "Unknown" && Items(item, "spec.taints").Count(taint => Text(taint, "key") == "node.kubernetes.io/unreachable") == 2,
        $"{node} is lost");

    /// <summary>Waits until a pod is ready, and gives it.</summary>
    public Task<JsonObject> PodReadyAsync(string name) => Cluster.UntilAsync(ResourceType.Pod, name, pod => Status(pod, "Ready") == "True", $"{name} is ready");

    public static string Status(JsonObject item, string condition) => Text(Items(item, "status.conditions").FirstOrDefault(found => Text(found, "type") == condition), "status");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Cluster.DisposeAsync();
        Runtime.Dispose();
    }

    private static SimulatedNode Node(int number, string role) => new()
    {
        Name = $"w{number}",
        Labels = new Dictionary<string, string> { ["role"] = role },
        Address = $"192.168.1.{10 + number}",
        PodCidr = $"10.42.{number}.0/24",
    };
}
