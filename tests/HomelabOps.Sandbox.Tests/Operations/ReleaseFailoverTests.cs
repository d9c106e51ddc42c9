using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>An application that is a release of a chart leaves a node that is dead and comes home, with Flux' controllers for all of the way.</summary>
public sealed class ReleaseFailoverTests(ReleasedHomelab homelab) : IClassFixture<ReleasedHomelab>
{
    [Fact]
    public async Task A_release_leaves_a_node_that_is_dead_and_comes_home()
    {
        await homelab.ConvertAsync();
        var (began, tree) = (Tip(), Text());
        Assert.Equal("sonarr", (await homelab.AppAsync("deploy/sonarr")).Name);
        Assert.Equal(("k3s-w1", "pvc-sonarr", 1), Pod());

        await homelab.CutPowerAsync("k3s-w1");
        var (moved, failures) = await homelab.MoveAsync("sonarr", new() { Fence = FailoverFence.None });
        Assert.True(moved is { Status: FailoverStatus.Completed, To: "k3s-w2" }, string.Join('\n', failures.Select(failure => failure.Message)));
        Assert.Equal(("k3s-w2", "pvc-sonarr-backup", 1), Pod());
        var lines = homelab.Git("diff", "--unified=0", began, "origin/main", "--", ReleasedHomelab.File).Split('\n').Where(line => line is ['+' or '-', ..] && !line.StartsWith("+++", StringComparison.Ordinal) && !line.StartsWith("---", StringComparison.Ordinal)).Select(line => line.Replace("    ", "", StringComparison.Ordinal));
        Assert.Equal(
            [
                "-  nodeSelector: { role: primary } # where the data is", "+  nodeSelector: { role: backup } # where the data is",
                "-existingClaim: \"pvc-{{ .Release.Name }}\"   # of this node", "+existingClaim: \"pvc-{{ .Release.Name }}-backup\"   # of this node",
            ],
            lines);

        homelab.Homelab.Nodes.Node("k3s-w1").IsPowered = true;
        await homelab.UntilWellAsync();
        Assert.Equal(("k3s-w2", "pvc-sonarr-backup", 1), Pod());

        (moved, failures) = await homelab.MoveAsync("sonarr", new() { Kind = OperationKind.Failback });
        Assert.True(moved is { Status: FailoverStatus.Completed, To: "k3s-w1" }, string.Join('\n', failures.Select(failure => failure.Message)));
        Assert.Equal(("k3s-w1", "pvc-sonarr", 1), Pod());
        Tip();
        Assert.Equal(tree, Text());
        await homelab.UntilInSyncAsync();
        Assert.DoesNotContain(homelab.All(Types.HelmRelease), release => (bool?)release["spec"]?["suspend"] == true);
    }

    private string Text() => homelab.Git("show", $"origin/main:{ReleasedHomelab.File}");

    private string Tip()
    {
        homelab.Git("fetch", "--quiet", "origin");
        return homelab.Git("rev-parse", "origin/main");
    }

    // Where it runs, on which claim, and how many of it there are.
    private (string Node, string Claim, int Count) Pod()
    {
        var pods = homelab.All(ResourceType.Pod).Where(pod => (string?)pod["metadata"]?["labels"]?["app.kubernetes.io/controller"] == "sonarr").ToList();
        var running = pods.Where(pod => Cells.Text(pod, "status.phase") == "Running").ToList();
        return running is [var pod] ? (Cells.Text(pod, "spec.nodeName"), Cells.Text(Cells.Items(pod, "spec.volumes").First(), "persistentVolumeClaim.claimName"), pods.Count) : ("", "", pods.Count);
    }
}
