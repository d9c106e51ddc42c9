using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

namespace HomelabOps.Sandbox.Tests.Faults;

/// <summary>What VolSync replicates stands still, and MetalLB's certificate.</summary>
public sealed class ReplicationFaultTests(FaultyHomelab homelab) : IClassFixture<FaultyHomelab>
{
    private static readonly ObjectName Backup = new("media", "sonarr-backup");
    private static readonly ObjectName Primary = new("media", "sonarr-primary");

    [Fact]
    public Task What_is_stuck_stays_behind() => homelab.ProveAsync(
        "SyncStuck",
        null,
        TimeSpan.FromMinutes(2),
        ("it needs something though it is connected", it => Task.FromResult(it.Replication.Syncthing.Read(Backup, (device, _) => device.Needed(device.Index).Any()) && IsConnected(it))),
        ("VolSync says that it goes on", it => Task.FromResult(Cells.Text(FaultyHomelab.Condition(it.Host.Informer(Types.ReplicationSource).Find(Backup), "Synchronizing"), "reason") == "SyncInProgress")));

    [Fact]
    public Task A_peer_that_is_gone_is_not_connected() => homelab.ProveAsync("SyncPeerGone", null, TimeSpan.FromSeconds(20), ("not connected", it => Task.FromResult(!IsConnected(it))));

    [Fact]
    public Task A_peer_at_another_address_is_not_what_its_Service_is() => homelab.ProveAsync(
        "SyncPeerDrift",
        "sonarr-primary",
        TimeSpan.FromSeconds(10),
        ("the address in the spec", it => Task.FromResult(Cells.Items(it.Host.Informer(Types.ReplicationSource).Find(Primary), "spec.syncthing.peers").Any(peer => Cells.Text(peer, "address") == "tcp://10.97.255.9:22000"))));

    [Fact]
    public Task Conflicts_are_files_beside_the_others() => homelab.ProveAsync(
        "SyncConflicts",
        null,
        TimeSpan.FromSeconds(5),
        ("copies", it => Task.FromResult(it.Replication.Syncthing.Read(Backup, (device, _) => device.Global().Values.Any(item => item.IsConflict && item.Path.Contains("sync-conflict", StringComparison.Ordinal))))));

    [Theory]
    [InlineData("SyncPermissionDenied", nameof(SyncFault.PermissionDenied))]
    [InlineData("SyncDiskFull", nameof(SyncFault.DiskFull))]
    public Task What_cannot_be_written_is_needed(string fault, string kind) => homelab.ProveAsync(
        fault,
        null,
        TimeSpan.FromMinutes(2),
        ("it needs something", it => Task.FromResult(it.Replication.Syncthing.Read(Backup, (device, _) => device.Needed(device.Index).Any() && device.Fault.ToString() == kind))));

    [Theory]
    [InlineData("ResticLocked", "database/postgres")]
    [InlineData("MoverPermissionDenied", "media/prowlarr-primary")]
    [InlineData("MoverPermissionDenied", "database/postgres")]
    [InlineData("MoverUnreachable", "media/prowlarr-primary")]
    public Task A_mover_fails_at_its_next_run(string fault, string target) => homelab.ProveAsync(
        fault,
        target,
        TimeSpan.FromMinutes(target.StartsWith("media", StringComparison.Ordinal) ? 2 : 30),
        ("Failed", it => Task.FromResult(Cells.Text(it.Host.Informer(Types.ReplicationSource).Find(target.Split('/')[0], target.Split('/')[1]), "status.latestMoverStatus.result") == "Failed")));

    [Fact]
    public Task A_mover_hangs() => homelab.ProveAsync(
        "MoverHangs",
        "media/prowlarr-primary",
        TimeSpan.FromMinutes(2),
        ("it has been running for an hour", it => Task.FromResult(it.Host.Informer(Types.ReplicationSource).Find("media", "prowlarr-primary") is { } source
            && DateTimeOffset.TryParse(Cells.Text(source, "status.lastSyncStartTime"), null, out var start) && it.Clock.GetUtcNow() - start > TimeSpan.FromHours(1))));

    [Fact]
    public async Task Movers_of_nodes_that_a_firewall_keeps_apart_do_not_meet()
    {
        await homelab.UntilWellAsync();
        await using var fault = await homelab.Faults.SwitchOnAsync("NodeWalledOff", "k3s-w2", TestContext.Current.CancellationToken);
        var since = homelab.Homelab.Clock.GetUtcNow();

        // It runs every quarter of an hour, and where they meet that is over in seconds. Who has met before goes on to the end.
        await homelab.UntilAsync(() => Task.FromResult(Runs("volsync-rsync-tls-src-prowlarr-primary", since) && Runs("volsync-rsync-tls-dst-prowlarr-backup", DateTimeOffset.MinValue)), "both run", TimeSpan.FromMinutes(1));
        var before = Synced();
        for (var times = 0; times < 24; times++)
        {
            homelab.Homelab.Clock.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }

        Assert.Equal(before, Synced());
        await fault.SwitchOffAsync(TestContext.Current.CancellationToken);
        await homelab.UntilAsync(() => Task.FromResult(Synced() != before), "they meet", TimeSpan.FromMinutes(2));

        string Synced() => Cells.Text(homelab.Homelab.Host.Informer(Types.ReplicationSource).Find("media", "prowlarr-primary"), "status.lastSyncTime");
        bool Runs(string job, DateTimeOffset made) => homelab.All(ResourceType.Pod).Any(pod => Cells.Text(pod, "metadata.name").StartsWith(job, StringComparison.Ordinal) && Cells.Text(pod, "status.phase") == "Running" && Timestamps.Parse(Cells.Text(pod, "metadata.creationTimestamp")) > made);
    }

    private static bool IsConnected(EmbeddedHomelab it) => Cells.Items(it.Host.Informer(Types.ReplicationSource).Find(Backup), "status.syncthing.peers").Any(peer => (bool?)peer["connected"] == true);
}
