using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Tests.Faults;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>Applications leave a node that is gone.</summary>
public sealed class FailoverTests(MovableHomelab homelab) : IClassFixture<MovableHomelab>
{
    private static readonly FailoverRequest Emergency = new() { Fence = FailoverFence.None };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_application_leaves_a_node_that_is_gone()
    {
        await homelab.UntilInSyncAsync();
        var refused = Assert.Single((await homelab.MoveAsync("sonarr", Emergency)).Failures);
        Assert.Equal(("FailoverPreconditionFailed", true), (refused.Id, refused.Message.Contains("-Planned", StringComparison.Ordinal)));

        await homelab.CutPowerAsync("k3s-w1");
        var (result, failures) = await homelab.MoveAsync("sonarr", Emergency);
        Assert.True(failures.Count == 0, string.Join('\n', failures.Select(failure => failure.Message)));
        Assert.NotNull(result);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', result.Steps.Select(step => $"{step.Name} {step.Duration} {step.Message}")));
        Assert.Equal((FailoverStatus.Completed, "k3s-w1", "k3s-w2", false), (result.Status, result.From, result.To, result.Planned));
        Assert.All(result.Steps, step => Assert.Equal(OperationStepStatus.Completed, step.Status));
        var pod = Assert.Single(FaultyHomelab.PodsOf(homelab.Homelab, "sonarr"));
        Assert.Equal(("k3s-w2", "Running"), (Cells.Text(pod, "spec.nodeName"), Cells.Text(pod, "status.phase")));

        // Two scalars of the application, and the peers of its replications; nothing else.
        var changed = homelab.Git("show", "--format=", "--unified=0", result.Commit).Split('\n').Where(line => line.Length > 1 && line[0] is '+' or '-' && !line.StartsWith("+++", StringComparison.Ordinal) && !line.StartsWith("---", StringComparison.Ordinal)).ToList();
        Assert.Equal(["+        role: backup", "+            claimName: pvc-sonarr-backup", "-        role: primary", "-            claimName: pvc-sonarr"], changed.Where(line => line.Contains("role:", StringComparison.Ordinal) || line.Contains("claimName:", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Reverse().OrderBy(line => line[0]).ThenByDescending(line => line.Contains("role", StringComparison.Ordinal)));
        Assert.All(changed.Where(line => !line.Contains("role:", StringComparison.Ordinal) && !line.Contains("claimName:", StringComparison.Ordinal)), line => Assert.Equal('-', line[0]));

        // Nothing can reach the data of the target any more when the old node is back.
        foreach (var source in homelab.All(Types.ReplicationSource).Where(source => Cells.Text(source, "metadata.name").StartsWith("sonarr-", StringComparison.Ordinal)))
        {
            Assert.Empty(Cells.Items(source, "spec.syncthing.peers"));
        }

        Assert.StartsWith("k3s-w2:/data/pods/.sonarr.homelabops-", Assert.Single(result.Protected), StringComparison.Ordinal);
        Assert.NotNull(result.DataLossWindow);
        Assert.NotEqual(TimeSpan.Zero, result.DataLossWindow);

        // Once more, and once more: a result, and no edit.
        var tip = homelab.Git("ls-remote", "origin", "refs/heads/main");
        for (var again = 0; again < 2; again++)
        {
            var (same, none) = await homelab.MoveAsync("sonarr", Emergency);
            Assert.Empty(none);
            Assert.Equal((FailoverStatus.Completed, "", ""), (same!.Status, same.Commit, same.Id));
        }

        Assert.Equal(tip, homelab.Git("ls-remote", "origin", "refs/heads/main"));
        var undo = await Assert.ThrowsAsync<HomelabOps.Core.HomelabException>(() => new OperationUndo(homelab.Options, homelab.Store).RunAsync(homelab.Store.Read().Single(), _ => { }, Stop));
        Assert.Equal("OperationNotUndoable", undo.Id);

        await MoveOneWayAsync();
        await ComeBackAsync();
    }

    private async Task MoveOneWayAsync()
    {
        // What has no way back needs somebody to say that it does not matter.
        var oneWay = Assert.Single((await homelab.MoveAsync("prowlarr", Emergency)).Failures);
        Assert.Contains("ReversePath", oneWay.Message, StringComparison.Ordinal);
        var (moved, problems) = await homelab.MoveAsync("prowlarr", Emergency with { Overrides = ["reversepath"] });
        Assert.True(problems.Count == 0, string.Join('\n', problems.Select(failure => failure.Message)));
        Assert.Equal(["ReversePath"], moved!.Overridden);
        Assert.Contains("Overridden: ReversePath", homelab.Git("show", "--no-patch", moved.Commit), StringComparison.Ordinal);
        Assert.All(homelab.All(Types.ReplicationDestination).Where(item => Cells.Text(item, "metadata.name").StartsWith("prowlarr", StringComparison.Ordinal)), item => Assert.True((bool?)item["spec"]?["paused"]));
    }

    // What was silenced would write over the data that is used now: nothing advises to resume it, and nothing does.
    private async Task StaysSilentAsync()
    {
        var found = new List<HomelabFinding>();
        await foreach (var item in Core.Diagnosis.HomelabTester.TestAsync(homelab.Client, new() { Config = homelab.Config, Areas = [HomelabArea.Replication], Apps = [new("media/sonarr"), new("media/prowlarr")] }, Stop))
        {
            found.AddRange(item.Value is { } finding ? [finding] : []);
        }

        Assert.Equal(["media/prowlarr-backup", "media/sonarr-backup"], found.Where(finding => finding.Reason == "ReplicationSilenced").Select(finding => $"{finding.Target!.Namespace}/{finding.Target.Name}").Order(StringComparer.Ordinal));
        Assert.DoesNotContain(found, finding => finding.Repair is not null || finding.Reason is "SyncNoPeer" or "ReplicationPaused");
        var receiver = homelab.All(Types.ReplicationDestination).Single(item => Cells.Text(item, "metadata.name") == "prowlarr-backup");
        var receiving = new List<ReplicationStatus>();
        await foreach (var item in Core.Replication.ReplicationReader.ReadAsync(homelab.Client, new() { References = [new(homelab.Client.Name, "ReplicationDestination", "media", "prowlarr-backup")], Config = homelab.Config }, Stop))
        {
            receiving.AddRange(item.Value is { } status ? [status] : []);
        }

        var error = await Assert.ThrowsAsync<HomelabOps.Core.HomelabException>(() => Core.Applications.ReplicationSuspender.CheckAsync(homelab.Client, Assert.Single(receiving), homelab.Config, Stop));
        Assert.Equal("ReplicationOntoApp", error.Id);
        Assert.Contains("Invoke-HomelabFailback prowlarr", error.Message, StringComparison.Ordinal);

        Assert.True((bool?)receiver["spec"]?["paused"]);
    }

    private async Task ComeBackAsync()
    {
        // Killed before anything of it is in Git, while the old node comes back with the application alive: it is left alone there.
        await Assert.ThrowsAsync<InvalidOperationException>(() => homelab.MoveAsync("radarr", Emergency, step => _ = step is { Name: "Protect", Status: OperationStepStatus.Completed } ? throw new InvalidOperationException("killed") : step));

        // Power comes back with nobody watching: the pod stays where it is, and nothing is brought over its data.
        homelab.Homelab.Nodes.Node("k3s-w1").IsPowered = true;
        await homelab.UntilAsync(() => Task.FromResult(Ready("k3s-w1") && FaultyHomelab.PodsOf(homelab.Homelab, "radarr").Any(pod => Cells.Text(FaultyHomelab.Condition(pod, "Ready"), "status") == "True")), "the old node is back", TimeSpan.FromSeconds(20));
        var radarr = Assert.Single(FaultyHomelab.PodsOf(homelab.Homelab, "radarr"));
        var open = homelab.Store.Read().Single(record => record.Apps.Exists(app => app.Name == "radarr"));
        Assert.Equal("OperationNotResumable", (await Assert.ThrowsAsync<HomelabOps.Core.HomelabException>(() => homelab.RunAsync(open))).Id);
        Assert.Equal(Cells.Text(radarr, "metadata.uid"), Cells.Text(Assert.Single(FaultyHomelab.PodsOf(homelab.Homelab, "radarr")), "metadata.uid"));
        Assert.Equal(OperationStatus.Undone, (await homelab.DuringAsync(() => new OperationUndo(homelab.Options, homelab.Store).RunAsync(open, _ => { }, Stop))).Status);

        await homelab.UntilAsync(() => Task.FromResult(homelab.Homelab.Host.IsIdle), "all has come to rest", TimeSpan.FromMinutes(1));
        await foreach (var item in Core.Replication.Syncthing.SyncthingReader.ReadAsync(homelab.Client, new() { Apps = [new ResourcePattern("media/sonarr")], Config = homelab.Config }, Stop))
        {
            Assert.Equal(SyncthingState.NoPeer, item.Value!.State);
        }

        Assert.Equal("k3s-w2", Cells.Text(Assert.Single(FaultyHomelab.PodsOf(homelab.Homelab, "sonarr")), "spec.nodeName"));
        await StaysSilentAsync();
        await LeaveAsync();
    }

    // What has come to be where nothing brings it home from is not replicated over with the way home.
    private async Task LeaveAsync()
    {
        var home = new FailoverRequest { Kind = OperationKind.Failback, Overrides = ["DataComplete", "ReversePath"] };
        var (plans, _, notices) = await FailoverPlan.MakeAsync(homelab.Options, homelab.Store, [await homelab.AppAsync("prowlarr")], home, Stop);
        Assert.True(plans.Count == 1, string.Join('\n', notices));
        Assert.Contains(notices.OfType<HomelabOps.Core.Streaming.WarningNotice>(), notice => notice.Text.Contains("so it stays paused", StringComparison.Ordinal));
        Assert.Empty(plans[0].Record.Apps[0].Halted);
        Assert.DoesNotContain("paused", plans[0].Change.Diff, StringComparison.Ordinal);
        await StayPausedAsync();
    }

    // Who has come home another way is told what has been left behind.
    private async Task StayPausedAsync()
    {
        var (moved, failures) = await homelab.MoveAsync("prowlarr", new() { Kind = OperationKind.PlannedFailover, To = "k3s-w1", Overrides = ["DataComplete", "ReversePath", "NothingElseWrites"] });
        Assert.True(moved is { Status: FailoverStatus.Completed, To: "k3s-w1" }, string.Join('\n', failures.Select(failure => failure.Message)));
        await homelab.UntilWellAsync();
        var (plans, done, notices) = await FailoverPlan.MakeAsync(homelab.Options, homelab.Store, [await homelab.AppAsync("prowlarr")], new() { Kind = OperationKind.Failback }, Stop);
        Assert.Empty(plans);
        Assert.Equal(FailoverStatus.Completed, Assert.Single(done).Status);
        Assert.Contains(notices.OfType<HomelabOps.Core.Streaming.WarningNotice>(), notice => notice.Text.Contains("ReplicationDestination/media/prowlarr-backup is paused, by a failover or in Git", StringComparison.Ordinal));
    }

    private bool Ready(string node) => homelab.All(ResourceType.Node).Any(item => Cells.Text(item, "metadata.name") == node && Cells.Text(FaultyHomelab.Condition(item, "Ready"), "status") == "True");
}
