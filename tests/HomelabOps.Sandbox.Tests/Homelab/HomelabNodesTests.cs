using System.Net;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Tests.Homelab;

public sealed class HomelabNodesTests
{
    [Fact]
    public void The_first_three_have_their_parts()
    {
        var nodes = HomelabNodes.Of(new HomelabPlan(new()));
        Assert.Equal(["k3s-cp1", "k3s-w1", "k3s-w2"], nodes.Select(node => node.Name));
        Assert.Contains("node-role.kubernetes.io/control-plane", nodes[0].Labels.Keys);
        Assert.Equal(["primary", "backup"], nodes.Skip(1).Select(node => node.Labels["role"]));
        Assert.Equal(["10.42.0.0/24", "10.42.1.0/24", "10.42.2.0/24"], nodes.Select(node => node.PodCidr));
    }

    [Theory]
    [InlineData(200, 200, 20_000)]
    [InlineData(200, 3, 20_000)]
    [InlineData(1, 200, 20_000)]
    [InlineData(12, 3, null)]
    public void They_have_room_for_what_runs_on_them(int apps, int nodes, int? pods)
    {
        var plan = new HomelabPlan(new() { Apps = apps, Nodes = nodes, Pods = pods });
        var all = HomelabNodes.Of(plan);
        Assert.Equal(nodes, all.Count);
        Assert.Equal(nodes, all.Select(node => node.Address).Distinct().Count());
        Assert.Equal(nodes, all.Select(node => node.Name).Distinct().Count());
        Assert.True(all.Sum(node => node.Pods) >= Math.Max(pods ?? 0, plan.OwnPods));
        Assert.True(all.Single(node => node.Name == HomelabNodes.Primary).Pods >= apps * 2);
        var networks = all.Select(node => IPNetwork.Parse(node.PodCidr)).ToArray();
        Assert.All(all.Zip(networks), pair => Assert.True(1 << (32 - pair.Second.PrefixLength) >= pair.First.Pods + 2, pair.First.Name));
        Assert.All(networks.Zip(networks.Skip(1)), pair => Assert.False(pair.First.Contains(pair.Second.BaseAddress)));
    }
}
