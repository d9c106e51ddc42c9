using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.Runtime;

public sealed class TenureTests
{
    [Fact]
    public async Task It_lasts_while_a_pod_of_the_Deployment_is_ready_on_a_node_that_works()
    {
        await using var cluster = new Cluster();
        var nodes = Nodes();
        var tenure = Tenure.OfDeployment(cluster.Host, nodes, "default", "manager");
        await cluster.Host.StartAsync(Cluster.Stop);
        await AddAsync(cluster, "other-1", "other");
        Assert.False(tenure.IsHeld);

        await AddAsync(cluster, "manager-1", "manager");
        var ended = await BegunAsync(tenure);
        nodes.Node("one").IsConnected = false;
        await Cluster.UntilAsync(() => Task.FromResult(ended.IsCancellationRequested), "it ends with the network of the node");
        Assert.False(tenure.IsHeld);

        nodes.Node("one").IsConnected = true;
        ended = await BegunAsync(tenure);
        await cluster.DeleteAsync(ResourceType.Pod, "manager-1");
        await Cluster.UntilAsync(() => Task.FromResult(ended.IsCancellationRequested), "it ends with the pod");
        Assert.False(tenure.IsHeld);
    }

    [Fact]
    public async Task What_is_asked_for_without_it_is_done_when_it_begins()
    {
        await using var cluster = new Cluster();
        var tenure = Tenure.OfDeployment(cluster.Host, Nodes(), "default", "manager");
        var labeler = cluster.Host.Add(new Labeler(cluster.Host, tenure));
        await cluster.Host.StartAsync(Cluster.Stop);
        await cluster.CreateAsync(Types.Secret, """{"metadata":{"name":"a"} }""");
        await Cluster.UntilAsync(() => Task.FromResult(cluster.Host.Informer(Types.Secret).Find("default", "a") is not null), "it is seen");
        Assert.True(labeler.IsIdle);
        Assert.Empty(labeler.Seen);

        await AddAsync(cluster, "manager-1", "manager");
        await Cluster.UntilAsync(() => Task.FromResult(labeler.Seen.Contains("a")), "it is looked at");
    }

    private static async Task<CancellationToken> BegunAsync(Tenure tenure)
    {
        await Cluster.UntilAsync(() => Task.FromResult(tenure.IsHeld), "it begins");
        return await tenure.BeginAsync(Cluster.Stop);
    }

    private static NodeWorld Nodes() => new([new SimulatedNode { Name = "one", Address = "192.0.2.1", PodCidr = "10.42.0.0/24" }]);

    private static async Task AddAsync(Cluster cluster, string name, string deployment)
    {
        var set = await cluster.CreateAsync(Types.ReplicaSet, $$"""
            {"metadata":{"name":"{{deployment}}-5d4"},"spec":{"selector":{"matchLabels":{"app":"x"} },"template":{"metadata":{"labels":{"app":"x"} },"spec":{"containers":[{"name":"main","image":"main:1"}]} } } }
            """);
        await cluster.CreateAsync(ResourceType.Pod, $$"""
            {"metadata":{"name":"{{name}}","labels":{"pod-template-hash":"5d4"},"ownerReferences":[{{Ownership.Reference(Types.ReplicaSet, set).ToJsonString()}}]},
            "spec":{"nodeName":"one","containers":[{"name":"main","image":"main:1"}]} }
            """);
        await cluster.PatchAsync(ResourceType.Pod, name, new JsonObject { ["status"] = TestKubelet.RunningStatus(cluster.Clock.GetUtcNow(), new("default", name)) }.ToJsonString(), "status");
    }

    private sealed class Labeler : Controller
    {
        public Labeler(ControllerHost host, Tenure tenure)
            : base(host, "labeler", tenure) => Watch(Types.Secret);

        public System.Collections.Concurrent.ConcurrentBag<string> Seen { get; } = [];

        protected override Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
        {
            Seen.Add(name.Name);
            return Task.FromResult<TimeSpan?>(null);
        }
    }
}
