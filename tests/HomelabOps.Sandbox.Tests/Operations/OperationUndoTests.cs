using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Operations.Steps;
using HomelabOps.Core.Streaming;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync;
using HomelabOps.Sandbox.Tests.Faults;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>Operations are taken back while something happens that would make it wrong, or keep it from its end.</summary>
public sealed class OperationUndoTests(MovableHomelab homelab) : IClassFixture<MovableHomelab>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly ObjectName Backup = new("media", "radarr-backup");

    [Fact]
    public async Task What_is_about_to_start_on_the_target_does_not()
    {
        await homelab.UntilInSyncAsync();
        var image = (await homelab.AppAsync("sonarr")).Images[0];
        homelab.Homelab.Nodes.Registry.Set(image, ImageFault.Stalled);
        var record = await KilledAsync(new() { Kind = OperationKind.PlannedFailover, Overrides = ["Image"] }, "Start");
        await homelab.UntilAsync(() => Task.FromResult(PodOn("k3s-w2").Length > 0), "a pod waits for its image", TimeSpan.FromSeconds(2));

        // The image comes as soon as Git says that the move is taken back, and Flux does not know it yet.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var (tip, started) = (Tip(), false);
        var coming = Task.Run(async () =>
        {
            for (; !stop.IsCancellationRequested; await Task.Delay(20, Stop))
            {
                if (Tip() != tip)
                {
                    homelab.Homelab.Nodes.Registry.Set(image, ImageFault.None);
                }

                started |= PodOn("k3s-w2") is "Running" or "Succeeded" or "Failed";
            }
        }, Stop);
        var (status, _) = await UndoAsync(record);
        await homelab.UntilWellAsync();
        await stop.CancelAsync();
        await coming;
        Assert.NotEqual(tip, Tip());
        Assert.Equal((OperationStatus.Undone, false), (status, started));
        Assert.Equal("k3s-w1", (await homelab.AppAsync("sonarr")).Node);
    }

    [Fact]
    public async Task A_home_that_has_died_does_not_keep_an_application_from_running()
    {
        await homelab.UntilInSyncAsync();
        var (moved, failures) = await homelab.MoveAsync("radarr", new() { Kind = OperationKind.PlannedFailover });
        Assert.True(failures.Count == 0, string.Join('\n', failures.Select(failure => failure.Message)));
        Assert.Equal(FailoverStatus.Completed, moved!.Status);
        await homelab.UntilWellAsync();
        var record = await KilledAsync(new() { Kind = OperationKind.Failback }, "Stop", "radarr");
        Assert.True((await homelab.AppAsync("radarr")).Stopped);
        await homelab.CutPowerAsync("k3s-w1");

        var (status, told) = await UndoAsync(record);
        Assert.Equal(OperationStatus.Undone, status);
        Assert.Contains(told.OfType<WarningNotice>(), notice => notice.Text.StartsWith("'k3s-w1' is not ready, so its old data stays aside (", StringComparison.Ordinal));
        var app = await homelab.AppAsync("radarr");
        Assert.Equal(("k3s-w2", false, true), (app.Node, app.Stopped, app.Ready));
        homelab.Homelab.Nodes.Node("k3s-w1").IsPowered = true;
        await homelab.UntilWellAsync();

        // Another way home goes on with what lies there.
        (moved, failures) = await homelab.MoveAsync("radarr", new() { Kind = OperationKind.Failback });
        Assert.True(failures.Count == 0, string.Join('\n', failures.Select(failure => failure.Message)));
        Assert.Equal((FailoverStatus.Completed, "k3s-w1"), (moved!.Status, (await homelab.AppAsync("radarr")).Node));
    }

    [Fact]
    public async Task A_Syncthing_that_starts_anew_meanwhile_is_not_left_paused()
    {
        await homelab.UntilInSyncAsync();
        var syncthing = homelab.Homelab.Replication.Syncthing;
        var record = await KilledAsync(new() { Kind = OperationKind.PlannedFailover }, "Silence", "radarr");
        Assert.True(syncthing.Read(Backup, (device, _) => device.Peers.All(peer => device.Link(peer.Id).IsPaused)));
        await NodeCordon.CordonAsync(homelab.Client, (await NodePods.FindNodeAsync(homelab.Options, "k3s-w2", Stop))!, new() { By = "anna@desk", Reason = "a new disk" }, homelab.Options.Journal, Stop);
        var pod = homelab.All(Core.Kubernetes.ResourceType.Pod).Single(pod => VolSyncNames.SyncthingSourceOf(pod) == Backup.Name);
        await homelab.Client.DeleteAsync(Core.Kubernetes.ResourceType.Pod, Backup.Namespace, Cells.Text(pod, "metadata.name"), new DeleteRequest(), Stop);
        await homelab.UntilAsync(() => Task.FromResult(!syncthing.Read(Backup, (device, _) => device.IsRunning)), "it has ended", TimeSpan.FromSeconds(1));

        // It comes back some time after the application runs again.
        var undoing = UndoAsync(record);
        await homelab.UntilAsync(async () => await homelab.AppAsync("radarr") is { Stopped: false, Ready: true }, "the application runs", TimeSpan.FromSeconds(1));
        await Task.Delay(TimeSpan.FromSeconds(2), Stop);
        Assert.False(undoing.IsCompleted);
        await NodeCordon.UncordonAsync(homelab.Client, "k3s-w2", removeTaint: false, homelab.Options.Journal, Stop);
        var (status, told) = await undoing;
        Assert.Equal(OperationStatus.Undone, status);
        Assert.Empty(told.OfType<WarningNotice>());
        Assert.True(syncthing.Read(Backup, (device, _) => device.IsRunning && device.Peers.Count > 0 && !device.Peers.Any(peer => device.Link(peer.Id).IsPaused)));
        await homelab.UntilInSyncAsync();
    }

    private string Tip()
    {
        using var remote = new LibGit2Sharp.Repository(homelab.Git("remote", "get-url", "origin"));
        return remote.Branches["main"].Tip.Sha;
    }

    private string PodOn(string node) => homelab.Homelab.Host.Informer(Core.Kubernetes.ResourceType.Pod).All
        .Where(pod => Cells.Text(pod, "metadata.labels.app") == "sonarr" && Cells.Text(pod, "spec.nodeName") == node).Select(pod => Cells.Text(pod, "status.phase")).FirstOrDefault("");

    private async Task<OperationRecord> KilledAsync(FailoverRequest request, string last, string app = "sonarr")
    {
        var (plans, _, notices) = await FailoverPlan.MakeAsync(homelab.Options with { PullTimeout = TimeSpan.FromSeconds(2) }, homelab.Store, [await homelab.AppAsync(app)], request, Stop);
        Assert.True(plans.Count == 1, string.Join('\n', notices));
        await Assert.ThrowsAsync<KilledException>(() => homelab.RunAsync(plans[0].Record, step => _ = step.Name == last && step.Status == OperationStepStatus.Completed ? throw new KilledException() : step));
        return homelab.Store.Find(plans[0].Record.Id)!;
    }

    private Task<(OperationStatus Status, List<Notice> Told)> UndoAsync(OperationRecord record) => homelab.DuringAsync(async () =>
    {
        var told = new List<Notice>();
        var undone = await new OperationUndo(homelab.Options, homelab.Store).RunAsync(record, told.Add, Stop);
        return (undone.Status, told);
    });

    private sealed class KilledException : Exception;
}
