using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Operations.Edits;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Operations.Steps;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Streaming;
using HomelabOps.Core;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync.Syncthing;
using HomelabOps.Sandbox.Homelab;
using HomelabOps.Sandbox.Tests.Faults;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>Applications come home after an emergency, with the newer data and with nothing of what the old node had written and never sent.</summary>
public sealed class FailbackTests(MovableHomelab homelab) : IClassFixture<MovableHomelab>
{
    private const string Data = "/data/pods/sonarr";
    private static readonly FailoverRequest Home = new() { Kind = OperationKind.Failback };
    private static readonly ObjectName Primary = new("media", "sonarr-primary");
    private static readonly ObjectName Backup = new("media", "sonarr-backup");

    private static readonly string Elsewhere = SyncthingIdentity.Of(9, "media", "elsewhere");

    // All that come before the application may run at home.
    private static readonly string[] Before = ["Readmit", "SetAside", "Protect", "Revive", "Seed", "Stop", "CatchUp", "Commit", "Reconcile"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private SyncthingNetwork Syncthing => homelab.Homelab.Replication.Syncthing;

    [Fact]
    public async Task An_application_comes_home_whatever_ends_the_process()
    {
        await homelab.UntilInSyncAsync();
        homelab.Git("fetch", "--quiet", "origin");
        var beginning = homelab.Git("rev-parse", "origin/main");
        await AwayAsync();

        // Both sides have changed the same file since they parted, and each has one that the other knows nothing of.
        Syncthing.Write(Backup, "config.xml", 4711, 4711);
        Syncthing.Write(Backup, "later.txt", 42, 42);
        Syncthing.Scan(Primary);
        Syncthing.Scan(Backup);
        Assert.Contains("unsent.txt", Files(Primary).Keys);
        var (before, old) = (await StateAsync(), Files(Primary));

        await CordonAsync();
        await StickAsync();
        Assert.Equal((true, "a new disk"), await CordonedAsync());
        await NodeCordon.UncordonAsync(homelab.Client, "k3s-w1", removeTaint: false, homelab.Options.Journal, Stop);
        foreach (var last in Before)
        {
            var record = await BeginAsync(last);
            var undone = await homelab.DuringAsync(() => new OperationUndo(homelab.Options, homelab.Store).RunAsync(record, _ => { }, Stop));
            Assert.Equal(OperationStatus.Undone, undone.Status);
            await homelab.UntilWellAsync();
            await homelab.UntilAsync(async () => before == await StateAsync(), $"all is as before after {last}: {before}", TimeSpan.FromSeconds(5));
            Assert.Equal(["config.xml", "logs", "logs/sonarr.txt", "sonarr.db", "sonarr.db-wal"], OnDisk("k3s-w1"));
            Assert.DoesNotContain("unsent.txt", Files(Backup).Keys);
        }

        var result = await ResumedAsync(await BeginAsync(Before[0]));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', result.Steps.Select(step => $"{step.Name} {step.Duration} {step.Message}")));
        Assert.Equal((FailoverStatus.Completed, "k3s-w2", "k3s-w1", true, TimeSpan.Zero), (result.Status, result.From, result.To, result.Planned, result.DataLossWindow));
        Assert.Equal(("k3s-w1", "Running"), Pod());

        // The files of the application are those of the beginning, and so is what its replications say.
        homelab.Git("fetch", "--quiet", "origin");
        var changed = homelab.Git("diff", "--name-only", beginning, "origin/main").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(changed, file => Assert.Contains("replication", homelab.Git("show", $"origin/main:{file}"), StringComparison.OrdinalIgnoreCase));
        Assert.Equal("unsent", Unsent(old));
        Assert.All([Files(Primary), Files(Backup)], files => Assert.Equal((4711L, 42L, ""), (files["config.xml"], files["later.txt"], Unsent(files))));
        Assert.Equal(Files(Backup), Files(Primary));
        Assert.StartsWith($"k3s-w1:/data/pods/.sonarr.homelabops-", Assert.Single(result.Protected), StringComparison.Ordinal);

        // What is written at home comes to the other side, as before.
        Syncthing.Write(Primary, "home.txt", 7, 7);
        await homelab.UntilAsync(() => Task.FromResult(Files(Backup).GetValueOrDefault("home.txt") == 7), "it replicates from home", TimeSpan.FromSeconds(5));
        await homelab.UntilInSyncAsync();
        var (same, none) = await homelab.MoveAsync("sonarr", Home);
        Assert.Empty(none);
        Assert.Equal((FailoverStatus.Completed, "", ""), (same!.Status, same.Commit, same.Id));
    }

    // As the runbook has it: two scalars by hand, and the peers stay. VolSync keeps the new address of one that is known from its Syncthing.
    [Fact]
    public async Task Who_knew_the_other_side_is_told_where_it_is_now()
    {
        await homelab.UntilInSyncAsync();
        homelab.Git("pull", "--quiet", "--ff-only");
        var file = Path.Combine(homelab.Homelab.RepositoryPath, "clusters/homelab/apps/media/radarr/deployment.yaml");
        var text = await File.ReadAllTextAsync(file, Stop);
        await File.WriteAllTextAsync(file, text.Replace("role: primary", "role: backup", StringComparison.Ordinal).Replace("claimName: pvc-radarr", "claimName: pvc-radarr-backup", StringComparison.Ordinal), Stop);
        homelab.Git("-c", "user.name=Anna", "-c", "user.email=anna@example.org", "commit", "--quiet", "--all", "-m", "failover: radarr");
        homelab.Git("push", "--quiet", "origin", "HEAD:main");
        await homelab.UntilAsync(async () => await homelab.AppAsync("radarr") is { Node: "k3s-w2", Ready: true }, "it has moved", TimeSpan.FromSeconds(20));

        var (home, away, service) = (new ObjectName("media", "radarr-primary"), new ObjectName("media", "radarr-backup"), "volsync-radarr-backup-data");
        var former = Syncthing.Read(home, (device, _) => device.Peers.Single().Address);
        await homelab.Client.DeleteAsync(Types.Service, "media", service, new DeleteRequest(), Stop);
        await homelab.UntilAsync(() => Task.FromResult(Syncthing.Read(away, (device, _) => device.Place.Hosts is [{ Length: > 0 } host, ..] && SyncthingPlace.Tcp(host) != former)), "the Service has another address", TimeSpan.FromSeconds(5));
        var (moved, failures) = await homelab.MoveAsync("radarr", Home with { Overrides = ["DataComplete"] });
        Assert.True(moved is { Status: FailoverStatus.Completed, To: "k3s-w1" }, string.Join('\n', failures.Select(failure => failure.Message)));
        Assert.NotEqual(former, Syncthing.Read(home, (device, _) => device.Peers.Single().Address));
        await homelab.UntilInSyncAsync();
    }

    // The old node goes away with something that it has written and not sent, and comes back after the application has moved.
    private async Task AwayAsync()
    {
        Syncthing.Sever(Primary, isSevered: true);
        Syncthing.Write(Primary, "unsent.txt", 13, 13);
        Syncthing.Write(Primary, "config.xml", 1234, 1234);
        await homelab.CutPowerAsync("k3s-w1");
        Syncthing.Sever(Primary, isSevered: false);
        var (moved, failures) = await homelab.MoveAsync("sonarr", new() { Fence = FailoverFence.None });
        Assert.True(moved is { Status: FailoverStatus.Completed }, string.Join('\n', failures.Select(failure => failure.Message)));

        // The side that is used now gets another device meanwhile, with which VolSync makes all of its peers anew: none of them is paused any more.
        await ShareAsync(Elsewhere);
        homelab.Homelab.Nodes.Node("k3s-w1").IsPowered = true;
        await homelab.UntilAsync(() => Task.FromResult(Syncthing.Read(Primary, (device, _) => device.IsRunning)), "the old side runs again", TimeSpan.FromSeconds(20));
        await homelab.UntilAsync(() => Task.FromResult(homelab.Homelab.Host.IsIdle), "all has come to rest", TimeSpan.FromMinutes(1));
        Assert.DoesNotContain("unsent.txt", Files(Backup).Keys);
        await ShareAsync(null);
        await homelab.UntilWellAsync();
        Assert.DoesNotContain("unsent.txt", Files(Backup).Keys);
    }

    // Beside what Git says, which is nothing of the peers of this side by now.
    private async Task ShareAsync(string? other)
    {
        var present = homelab.All(Types.ReplicationSource).Single(source => ObjectName.Of(source) == Backup)["spec"]!["syncthing"]!["peers"] as JsonArray ?? [];
        var peers = new JsonArray([.. present.Where(peer => (string?)peer!["ID"] != Elsewhere).Select(peer => peer!.DeepClone())]);
        if (other is not null)
        {
            peers.Add(new JsonObject { ["ID"] = other, ["address"] = "tcp://192.0.2.1:22000", ["introducer"] = false });
        }

        await homelab.Client.PatchAsync(Types.ReplicationSource, Backup.Namespace, Backup.Name, PatchKind.Merge, new JsonObject { ["spec"] = new JsonObject { ["syncthing"] = new JsonObject { ["peers"] = peers.Count > 0 ? peers : null } } }, Stop);
        await homelab.UntilAsync(() => Task.FromResult(Syncthing.Read(Backup, (device, _) => device.Peer(Elsewhere) is not null) == (other is not null)), "VolSync has told its Syncthing", TimeSpan.FromSeconds(20));
    }

    // Who came back to a node that was repaired has cordoned it meanwhile.
    private async Task CordonAsync() => await NodeCordon.CordonAsync(homelab.Client, (await NodePods.FindNodeAsync(homelab.Options, "k3s-w1", Stop))!, new() { By = "anna@desk", Reason = "a new disk" }, homelab.Options.Journal, Stop);

    private async Task<(bool IsCordoned, string Why)> CordonedAsync()
    {
        var node = (await NodePods.FindNodeAsync(homelab.Options, "k3s-w1", Stop))!;
        return (NodeCordon.IsCordoned(node), NodeCordon.SuspensionOf(node)?.Reason ?? "");
    }

    // What never arrives ends the waiting, and can be taken back like anything else.
    private async Task StickAsync()
    {
        var (plans, _, _) = await FailoverPlan.MakeAsync(homelab.Options, homelab.Store, [await homelab.AppAsync("sonarr")], Home, Stop);
        homelab.Homelab.Replication.CutOff(Primary, isOn: true);
        var failures = await homelab.DuringAsync(async () =>
        {
            var found = new List<HomelabException>();
            await foreach (var item in new OperationRunner(homelab.Options with { Timeout = TimeSpan.FromSeconds(15) }, homelab.Store).RunAsync(plans.Single().Record, Stop))
            {
                found.AddRange(item.Notice is FailureNotice failure ? [failure.Error] : []);
            }

            return found;
        });
        Assert.Equal("FailbackStuck", (Assert.Single(failures).InnerException as HomelabException)?.Id);
        homelab.Homelab.Replication.CutOff(Primary, isOn: false);
        var record = homelab.Store.Read().Single(record => record.Status == OperationStatus.Failed);
        Assert.Equal(OperationStatus.Undone, (await homelab.DuringAsync(() => new OperationUndo(homelab.Options, homelab.Store).RunAsync(record, _ => { }, Stop))).Status);

        record.Apps[0].Revived = [new() { Kind = "ReplicationSource", Namespace = "media", Name = "none" }];
        Assert.Equal("FailbackPeerUnknown", (await Assert.ThrowsAsync<HomelabException>(() => FailoverEdits.PeersAsync(homelab.Options, record, Stop))).Id);
    }

    private async Task<FailoverResult> ResumedAsync(OperationRecord moving)
    {
        FailoverResult? result = null;
        foreach (var last in Before.Skip(1).Concat(["Start", "Rollout", "Probe", ""]))
        {
            try
            {
                (result, var failures) = await homelab.RunAsync(homelab.Store.Read().Single(record => record.Id == moving.Id), KillAfter(last));
                Assert.True(failures.Count == 0, $"After {last}: " + string.Join('\n', failures.Select(failure => failure.Message)));
            }
            catch (KilledException)
            {
                Assert.NotEqual("", last);
            }
        }

        return result!;
    }

    private async Task<OperationRecord> BeginAsync(string last)
    {
        var (plans, _, notices) = await FailoverPlan.MakeAsync(homelab.Options, homelab.Store, [await homelab.AppAsync("sonarr")], Home, Stop);
        Assert.True(plans.Count == 1, string.Join('\n', notices));
        try
        {
            var (_, failures) = await homelab.RunAsync(plans[0].Record, KillAfter(last));
            Assert.Fail(string.Join('\n', failures.Select(failure => failure.Message)));
        }
        catch (KilledException)
        {
            // As it should be.
        }

        return homelab.Store.Read().Single(record => record.Id == plans[0].Record.Id);
    }

    private static Action<OperationStepRecord> KillAfter(string last) => step =>
    {
        if (step.Name == last && step.Status == OperationStepStatus.Completed)
        {
            throw new KilledException();
        }
    };

    private (string Node, string Phase) Pod()
    {
        var pod = Assert.Single(FaultyHomelab.PodsOf(homelab.Homelab, "sonarr"));
        return (Cells.Text(pod, "spec.nodeName"), Cells.Text(pod, "status.phase"));
    }

    private static string Unsent(Dictionary<string, long> files) => files.ContainsKey("unsent.txt") ? "unsent" : "";

    // Content by path.
    private Dictionary<string, long> Files(ObjectName source) =>
        Syncthing.Read(source, (device, _) => device.Index.Items.Where(item => item is { IsDeleted: false, IsDirectory: false }).ToDictionary(item => item.Path, item => item.Content, StringComparer.Ordinal))!;

    private IEnumerable<string> OnDisk(string node) =>
        homelab.Homelab.Replication.Volumes!.Read(node, Data).Select(file => file.Path.TrimStart('/')).Where(path => path.Length > 0 && !path.StartsWith('.')).Order(StringComparer.Ordinal);

    private async Task<string> StateAsync()
    {
        homelab.Git("fetch", "--quiet", "origin");
        var app = await homelab.AppAsync("sonarr");
        var sources = homelab.All(Types.ReplicationSource).Where(source => Cells.Text(source, "metadata.name").StartsWith("sonarr-", StringComparison.Ordinal)).OrderBy(source => Cells.Text(source, "metadata.name"), StringComparer.Ordinal);
        var paused = Syncthing.Read(Primary, (device, _) => device.IsPaused);
        return $"{homelab.Git("rev-parse", "origin/main^{tree}")} {app.Node} {app.Replicas} {app.Ready} {app.Stopped} {string.Join(',', app.Volumes)} {paused} {string.Join(' ', sources.Select(source => source["spec"]!.ToJsonString()))}";
    }

    private sealed class KilledException : Exception;
}
