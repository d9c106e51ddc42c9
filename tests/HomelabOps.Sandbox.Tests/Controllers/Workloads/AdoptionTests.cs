using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.Workloads;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.Workloads;

public sealed class AdoptionTests
{
    private const string Spec = """
        "selector":{"matchLabels":{"app":"web"} },"template":{"metadata":{"labels":{"app":"web"} },"spec":{"containers":[{"name":"web","image":"web:1"}]} }
        """;

    [Fact]
    public async Task An_owner_that_is_being_deleted_takes_nothing_whatever_the_watch_says()
    {
        await using var cluster = new Cluster();
        var sets = cluster.Host.Informer(Types.ReplicaSet);
        _ = sets.ByController;
        var adoption = new Adoption(new ObjectClient(cluster.Host, "test"), sets);
        await cluster.Host.StartAsync(Cluster.Stop);
        var seen = await cluster.CreateAsync(Types.Deployment, $$"""{"metadata":{"name":"web","finalizers":["example.org/hold"]},"spec":{ {{Spec}} } }""");
        await cluster.CreateAsync(Types.ReplicaSet, $$"""{"metadata":{"name":"web-1","labels":{"app":"web"} },"spec":{ {{Spec}} } }""");
        await Cluster.UntilAsync(() => Task.FromResult(sets.Count == 1), "the ReplicaSet is seen");

        await cluster.DeleteAsync(Types.Deployment, "web");
        Assert.Empty(await adoption.ClaimAsync(Types.Deployment, seen, Cluster.Stop));
        Assert.Equal(0, Count(await cluster.GetAsync(Types.ReplicaSet, "web-1"), "metadata.ownerReferences"));
    }

    [Fact]
    public async Task What_a_Deployment_leaves_behind_has_no_owner()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await cluster.CreateAsync(Types.Deployment, $$"""{"metadata":{"name":"web"},"spec":{"replicas":1,{{Spec}} } }""");
        await cluster.PodsAsync(1);
        await cluster.DeleteAsync(Types.Deployment, "web", new DeleteRequest { Propagation = "Orphan" });
        await cluster.GoneAsync(Types.Deployment, "web");
        await cluster.RestAsync();
        Assert.Equal(0, Count(Assert.Single(await cluster.ListAsync(Types.ReplicaSet)), "metadata.ownerReferences"));
        await cluster.PodsAsync(1, pod => Text(Ownership.ControllerOf(pod), "kind") == "ReplicaSet");
        Assert.Empty(cluster.Host.Faults);
    }
}
