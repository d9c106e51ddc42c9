using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Operations;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Tests.Faults;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>A node that is given up as a whole, and taken back by the way home.</summary>
public sealed class OutOfServiceTests(MovableHomelab homelab) : IClassFixture<MovableHomelab>
{
    private const string Taint = "node.kubernetes.io/out-of-service";

    private bool IsGivenUp => homelab.All(ResourceType.Node).Single(item => Cells.Text(item, "metadata.name") == "k3s-w1") is var node && Cells.Items(node, "spec.taints").Any(taint => Cells.Text(taint, "key") == Taint);

    [Fact]
    public async Task The_taint_comes_with_the_fence_and_goes_with_the_way_home()
    {
        await homelab.UntilInSyncAsync();
        await homelab.CutPowerAsync("k3s-w1");
        var (moved, failures) = await homelab.MoveAsync("sonarr", new() { Fence = FailoverFence.Confirm, OutOfService = true });
        Assert.True(moved is { Status: FailoverStatus.Completed }, string.Join('\n', failures.Select(failure => failure.Message)));
        Assert.Equal(["Fence", "GiveUp"], moved.Steps.Take(2).Select(step => step.Name));
        Assert.True(IsGivenUp);
        await homelab.UntilAsync(() => Task.FromResult(!FaultyHomelab.PodsOf(homelab.Homelab, "radarr").Any(pod => Cells.Text(pod, "spec.nodeName") == "k3s-w1")), "what else was there is given up as well", TimeSpan.FromSeconds(5));

        homelab.Homelab.Nodes.Node("k3s-w1").IsPowered = true;
        await homelab.UntilAsync(() => Task.FromResult(homelab.All(ResourceType.Node).Any(item => Cells.Text(item, "metadata.name") == "k3s-w1" && Cells.Text(FaultyHomelab.Condition(item, "Ready"), "status") == "True")), "the node is back", TimeSpan.FromSeconds(20));
        var (home, problems) = await homelab.MoveAsync("sonarr", new() { Kind = OperationKind.Failback });
        Assert.True(home is { Status: FailoverStatus.Completed }, string.Join('\n', problems.Select(failure => failure.Message)));
        Assert.False(IsGivenUp);
        Assert.Equal("k3s-w1", Cells.Text(Assert.Single(FaultyHomelab.PodsOf(homelab.Homelab, "sonarr")), "spec.nodeName"));
        await homelab.UntilInSyncAsync();
    }
}
