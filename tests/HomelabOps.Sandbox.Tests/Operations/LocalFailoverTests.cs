using HomelabOps.Core;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Tests.Faults;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>Applications are moved while nobody reaches Git, and Git learns of it afterwards.</summary>
public sealed class LocalFailoverTests(MovableHomelab homelab) : IClassFixture<MovableHomelab>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Remote => homelab.Git("remote", "get-url", "origin");

    [Fact]
    public async Task The_commit_waits_in_the_clone_until_it_is_pushed()
    {
        await homelab.UntilInSyncAsync();
        var (remote, tip, first, other) = (Remote, homelab.Git("rev-parse", "HEAD"), "", "");
        Directory.Move(remote, remote + ".away");
        try
        {
            await UndoneAsync();
            Assert.Equal(tip, homelab.Git("rev-parse", "HEAD"));
            await homelab.CutPowerAsync("k3s-w1");
            Assert.Contains("With -Local", Assert.Single((await homelab.MoveAsync("sonarr", new() { Fence = FailoverFence.None })).Failures).Message, StringComparison.Ordinal);
            var (moved, failures) = await homelab.MoveAsync("sonarr", new() { Fence = FailoverFence.None, Local = true });
            Assert.True(failures.Count == 0, string.Join('\n', failures.Select(failure => failure.Message)));
            Assert.NotNull(moved);
            TestContext.Current.TestOutputHelper?.WriteLine($"{moved.Message}\n" + string.Join('\n', moved.Steps.Select(step => $"{step.Name} {step.Status} {step.Duration} {step.Message}")));
            Assert.Equal((FailoverStatus.AwaitingPush, "k3s-w2"), (moved.Status, Node("sonarr")));
            Assert.Equal((tip, moved.Commit, ""), (homelab.Git("rev-parse", "HEAD"), homelab.Git("rev-parse", $"refs/homelabops/{moved.Id}"), homelab.Git("status", "--porcelain")));
            Assert.True(IsSuspended("apps"));
            Assert.All(Sources("sonarr"), peers => Assert.Equal(0, peers));

            await RefusesToResumeAsync(moved.Id);
            (first, other) = (moved.Id, await OtherAsync());

            // Git is still away: what was done stays done, and the operation waits on.
            var (late, missed) = await homelab.RunAsync(homelab.Store.Find(first)!);
            Assert.NotNull(late);
            Assert.Equal((FailoverStatus.AwaitingPush, "OperationStepFailed"), (late.Status, Assert.Single(missed).Id));
            Assert.Equal("OperationOpen", Assert.Single((await homelab.MoveAsync("sonarr", new() { Kind = OperationKind.Failback })).Failures).Id);
        }
        finally
        {
            Directory.Move(remote + ".away", remote);
        }

        await PushLineAsync();
        var pod = Uid("sonarr");
        var (result, left) = await homelab.RunAsync(homelab.Store.Find(first)!);
        Assert.True(left.Count == 0, string.Join('\n', left.Select(failure => failure.Message)));
        Assert.Equal((FailoverStatus.Completed, "k3s-w2"), (result!.Status, Node("sonarr")));
        homelab.Git("fetch", "--quiet", "origin");
        Assert.Equal((result.Commit, "Add a line"), (homelab.Git("rev-parse", "origin/main"), homelab.Git("log", "-1", "--format=%s", "origin/main^")));
        Assert.Contains("pvc-sonarr-backup", homelab.Git("show", "origin/main"), StringComparison.Ordinal);
        await OtherPushedAsync(other);
        Assert.Equal("", homelab.Git("for-each-ref", "refs/homelabops"));
        Assert.False(IsSuspended("apps"));
        Assert.Equal(pod, Uid("sonarr"));
        homelab.Homelab.Nodes.Node("k3s-w1").IsPowered = true;
        await homelab.UntilWellAsync();
        Assert.Equal("k3s-w2", Node("sonarr"));
    }

    // Somebody else was quicker than the push.
    private async Task PushLineAsync()
    {
        await File.AppendAllTextAsync(Path.Combine(homelab.Homelab.RepositoryPath, "README.md"), "\nOne more line.\n", Stop);
        homelab.Git("add", "--all");
        homelab.Git("-c", "user.name=Anna", "-c", "user.email=anna@example.org", "commit", "--quiet", "--message", "Add a line");
        homelab.Git("push", "--quiet", "origin", "HEAD");
    }

    // Flux would take the move back.
    private async Task RefusesToResumeAsync(string id)
    {
        var error = Assert.Single((await homelab.MoveAsync("radarr", new() { Fence = FailoverFence.None })).Failures);
        Assert.Contains($"Resume-HomelabOperation {id}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Resume-FluxResource", error.Message, StringComparison.Ordinal);
        var found = await Core.Flux.FluxTargets.FindAsync(homelab.Client, [new ResourcePattern("Kustomization/flux-system/apps")], [], [], Stop);
        Assert.Equal("FluxHeld", Assert.Throws<HomelabException>(() => Core.Flux.FluxSuspender.CheckHold(Assert.Single(found.Targets))).Id);
    }

    // It needs the same Kustomization held.
    private async Task<string> OtherAsync()
    {
        var (moved, failures) = await homelab.MoveAsync("radarr", new() { Fence = FailoverFence.None, Local = true });
        Assert.True(failures.Count == 0, string.Join('\n', failures.Select(failure => failure.Message)));
        Assert.Equal((FailoverStatus.AwaitingPush, "k3s-w2"), (moved!.Status, Node("radarr")));
        return moved.Id;
    }

    // The first let the Kustomization be: Flux would have taken this one back.
    private async Task OtherPushedAsync(string id)
    {
        Assert.True(IsSuspended("apps"));
        Assert.Equal("k3s-w2", Node("radarr"));
        var (moved, failures) = await homelab.RunAsync(homelab.Store.Find(id)!);
        Assert.True(failures.Count == 0, string.Join('\n', failures.Select(failure => failure.Message)));
        Assert.Equal((FailoverStatus.Completed, "k3s-w2"), (moved!.Status, Node("radarr")));
    }

    // Taken back before it has run elsewhere, nothing of it is left anywhere.
    private async Task UndoneAsync()
    {
        var before = Sources("radarr");
        var (plans, _, notices) = await FailoverPlan.MakeAsync(homelab.Options, homelab.Store, [await homelab.AppAsync("radarr")], new() { Kind = OperationKind.PlannedFailover, Local = true }, Stop);
        Assert.True(plans.Count == 1, string.Join('\n', notices));
        await Assert.ThrowsAsync<InvalidOperationException>(() => homelab.RunAsync(plans[0].Record, step => _ = step is { Name: "Reconcile", Status: OperationStepStatus.Completed } ? throw new InvalidOperationException("killed") : step));
        Assert.True(IsSuspended("apps"));
        var record = homelab.Store.Read().Single();
        Assert.Equal(OperationStatus.Undone, (await homelab.DuringAsync(() => new OperationUndo(homelab.Options, homelab.Store).RunAsync(record, _ => { }, Stop))).Status);
        Assert.Equal(("k3s-w1", false, "", string.Join(',', before)), (Node("radarr"), IsSuspended("apps"), homelab.Git("for-each-ref", "refs/homelabops"), string.Join(',', Sources("radarr"))));

        // Time has passed, and what the applications wrote meanwhile may still be on its way.
        await homelab.UntilCopiedAsync();
    }

    private string Node(string app) => Cells.Text(Assert.Single(FaultyHomelab.PodsOf(homelab.Homelab, app)), "spec.nodeName");

    private string Uid(string app) => Cells.Text(Assert.Single(FaultyHomelab.PodsOf(homelab.Homelab, app)), "metadata.uid");

    private bool IsSuspended(string kustomization) => homelab.All(Types.Kustomization).Any(item => Cells.Text(item, "metadata.name") == kustomization && (bool?)item["spec"]?["suspend"] == true);

    // How many peers each of its Syncthings has.
    private List<int> Sources(string app) => [.. homelab.All(Types.ReplicationSource).Where(source => Cells.Text(source, "metadata.name").StartsWith(app + "-", StringComparison.Ordinal)).Select(source => Cells.Items(source, "spec.syncthing.peers").Count())];
}
