using HomelabOps.Core;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Edits;
using HomelabOps.Core.Operations.Planning;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Operations.Steps;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>What cannot work is refused before anything is stopped, and what fails on the way says how things stand.</summary>
public sealed class FailoverRefusalTests(MovableHomelab homelab) : IClassFixture<MovableHomelab>
{
    private static readonly FailoverRequest Planned = new() { Kind = OperationKind.PlannedFailover };
    private static readonly FailoverRequest Emergency = new() { Fence = FailoverFence.None };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_cannot_work_is_refused_and_a_failure_says_how_things_stand()
    {
        await homelab.UntilInSyncAsync();
        await NamesAsync();
        await NothingToSwitchAsync();
        await OtherBranchAsync();
        await FenceAsync();
        await LocalAsync();
        await RefusedPushAsync();
        await StrandedAsync();
        await SilentHomeAsync();
    }

    // Mistyped, it would be a success that moves nothing.
    private async Task NamesAsync()
    {
        foreach (var request in new[] { Planned with { From = "k3s-w11" }, Planned with { To = "k3s-w9" }, new() { Kind = OperationKind.Failback, From = "k3s-w11" } })
        {
            Assert.Equal("NodeNotFound", (await Assert.ThrowsAsync<HomelabException>(() => homelab.MoveAsync("radarr", request))).Id);
        }
    }

    private async Task NothingToSwitchAsync()
    {
        var app = await homelab.AppAsync("traefik");
        var refused = await RefusedAsync("traefik", Planned with { To = app.Node == "k3s-w2" ? "k3s-w1" : "k3s-w2", Overrides = ["BackupClaim"] });
        Assert.Contains("-OverrideGate does not help with BackupClaim", refused, StringComparison.Ordinal);

        // It says where they run, and not where they were meant to.
        var record = new OperationRecord { From = "k3s-w1", To = "k3s-w9", Apps = [new() { Kind = app.Kind, Namespace = app.Namespace, Name = app.Name }] };
        var said = await homelab.DuringAsync(() => new RolloutStep().RunAsync(new(homelab.Options, record, _ => { }), Stop));
        Assert.EndsWith($"run on '{string.Join("', '", app.Nodes.Order(StringComparer.Ordinal))}'.", said, StringComparison.Ordinal);
    }

    private async Task OtherBranchAsync()
    {
        homelab.Git("switch", "--quiet", "--create", "work");
        foreach (var isPushed in new[] { false, true })
        {
            if (isPushed)
            {
                homelab.Git("push", "--quiet", "--set-upstream", "origin", "work");
            }

            var refused = await RefusedAsync("radarr", Planned with { Overrides = ["Git"] });
            Assert.True(refused.Contains("'work'", StringComparison.Ordinal) && refused.Contains("'main'", StringComparison.Ordinal) && !refused.Contains("push", StringComparison.Ordinal), refused);
        }

        homelab.Git("switch", "--quiet", "main");
    }

    private async Task FenceAsync()
    {
        var proxmox = new FailoverRequest { Fence = FailoverFence.Proxmox, Overrides = ["SourceNode", "DataComplete"] };
        Assert.Equal("FenceUnknown", (await Assert.ThrowsAsync<HomelabException>(() => homelab.MoveAsync("radarr", proxmox))).Id);
        Assert.Empty(homelab.Store.Read());
    }

    // Flux is held, so that nobody waits for it with the application down.
    private async Task LocalAsync()
    {
        var (moved, failures) = await homelab.MoveAsync("sonarr", Planned with { Local = true });
        Assert.True(failures.Count == 0, string.Join('\n', failures.Select(failure => failure.Message)));
        Assert.Equal(FailoverStatus.AwaitingPush, moved!.Status);
        var started = moved.Steps.Single(step => step.Name == "Start").Duration;
        Assert.True(started < TimeSpan.FromSeconds(8), $"{started}");
        Assert.Equal(FailoverStatus.Completed, (await homelab.RunAsync(homelab.Store.Find(moved.Id)!)).Result!.Status);
        await homelab.UntilWellAsync();
    }

    private async Task RefusedPushAsync()
    {
        var hook = Path.Combine(homelab.Git("remote", "get-url", "origin"), "hooks", "pre-receive");
        Directory.CreateDirectory(Path.GetDirectoryName(hook)!);
        await File.WriteAllTextAsync(hook, "#!/bin/sh\necho 'no pushes today'\nexit 1\n", Stop);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var item = (await new FailoverReader(homelab.Options).FindCasesAsync([await homelab.AppAsync("radarr")], null, null, Stop)).Single();
        var (result, failures) = await homelab.MoveAsync("radarr", Planned);
        var said = Assert.Single(failures).Message;
        Assert.Equal((FailoverStatus.Failed, said), (result!.Status, result.Message));
        Assert.True(said.Contains("no pushes today", StringComparison.Ordinal) && said.Contains("media/radarr do not run meanwhile", StringComparison.Ordinal) && !said.Contains("Nothing was changed", StringComparison.Ordinal), said);

        // Somebody else brings the same into Git meanwhile: that is his commit.
        File.Delete(hook);
        await homelab.Options.Committer.CommitAsync(await FailoverEdits.MakeAsync(homelab.Options, OperationKind.PlannedFailover, item, Stop), Stop);
        var record = homelab.Store.Find(result.Id)!;
        Assert.Equal("Git had it already, so that nothing was committed.", await new CommitStep().RunAsync(new(homelab.Options, record, _ => { }), Stop));
        Assert.Equal((false, true), (record.Commit is null, record.OwnCommit is null));

        // Without it the operation makes its own.
        homelab.Git("pull", "--quiet", "--ff-only");
        homelab.Git("-c", "user.name=Anna", "-c", "user.email=anna@example.org", "revert", "--no-edit", "HEAD");
        homelab.Git("push", "--quiet", "origin", "HEAD");
        (result, failures) = await homelab.RunAsync(homelab.Store.Find(record.Id)!);
        Assert.True(failures.Count == 0, string.Join('\n', failures.Select(failure => failure.Message)));
        Assert.Equal((FailoverStatus.Completed, homelab.Git("rev-parse", "HEAD")), (result!.Status, result.Commit));
        await homelab.UntilWellAsync();
    }

    // Now its new node goes down as well, and the old one is alive.
    private async Task StrandedAsync()
    {
        await homelab.CutPowerAsync("k3s-w2");
        Assert.Contains("Invoke-HomelabFailover radarr -To k3s-w1", await RefusedAsync("radarr", Emergency with { Overrides = ["TargetNode"] }), StringComparison.Ordinal);
        await foreach (var item in FailoverTester.RunAsync(homelab.Options, [await homelab.AppAsync("radarr")], null, null, null, Stop))
        {
            Assert.True(item.Value is { AtTarget: true, Ready: false, Gates: [{ Name: "TargetNode", Passed: false }] });
        }

        var home = await RefusedAsync("radarr", new() { Kind = OperationKind.Failback, Overrides = ["SourceNode"] });
        Assert.True(home.Contains("Invoke-HomelabFailover radarr -To k3s-w1", StringComparison.Ordinal) && !home.Contains("-Planned", StringComparison.Ordinal), home);
    }

    // The way out of it leaves the new data of the other node behind, which must not come over that of home when both talk again.
    private async Task SilentHomeAsync()
    {
        var (primary, backup) = (new ObjectName("media", "radarr-primary"), new ObjectName("media", "radarr-backup"));
        var (result, failures) = await homelab.MoveAsync("radarr", Emergency with { To = "k3s-w1", Overrides = ["DataComplete"] });
        Assert.True(result is { Status: FailoverStatus.Completed }, string.Join('\n', failures.Select(failure => failure.Message)));
        homelab.Homelab.Nodes.Node("k3s-w2").IsPowered = true;
        var network = homelab.Homelab.Replication.Syncthing;
        await homelab.UntilAsync(() => Task.FromResult(network.Read(backup, (device, _) => device.IsRunning)), "the other side runs again", TimeSpan.FromSeconds(20));
        await homelab.UntilWellAsync();
        network.Write(primary, "config.xml", 1, 1);
        network.Write(backup, "config.xml", 2, 2);
        network.Scan(primary);
        network.Scan(backup);

        (result, failures) = await homelab.MoveAsync("radarr", new() { Kind = OperationKind.Failback });
        Assert.True(failures.Count == 0, string.Join('\n', failures.Select(failure => failure.Message)));
        Assert.Equal((FailoverStatus.Completed, "k3s-w1", "k3s-w2", "k3s-w1"), (result!.Status, result.From, result.To, (await homelab.AppAsync("radarr")).Node));
        Assert.Contains("k3s-w2:", Assert.Single(result.Protected), StringComparison.Ordinal);
        Assert.All([primary, backup], side => Assert.Equal(1, network.Read(side, (device, _) => device.Index.Items.Single(item => item.Path == "config.xml").Content)));
        Assert.Equal("", (await homelab.MoveAsync("radarr", new() { Kind = OperationKind.Failback })).Result!.Id);

        // What is on the other node by now may be the only copy.
        var done = homelab.Store.Find(result.Id)!;
        Assert.Equal("OperationNotUndoable", (await Assert.ThrowsAsync<HomelabOps.Core.HomelabException>(() => new OperationUndo(homelab.Options, homelab.Store).RunAsync(done, _ => { }, Stop))).Id);
    }

    private async Task<string> RefusedAsync(string app, FailoverRequest request)
    {
        var refused = Assert.Single((await homelab.MoveAsync(app, request)).Failures);
        Assert.Equal("FailoverPreconditionFailed", refused.Id);
        return refused.Message;
    }
}
