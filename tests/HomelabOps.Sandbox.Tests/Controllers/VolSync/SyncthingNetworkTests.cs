using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Clock;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync;
using HomelabOps.Sandbox.Controllers.VolSync.Syncthing;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Tests.Controllers.VolSync;

public sealed class SyncthingNetworkTests : IDisposable
{
    private static readonly ObjectName Primary = new("media", "sonarr-primary");
    private static readonly ObjectName Backup = new("media", "sonarr-backup");
    private readonly SandboxClock _clock = new();
    private readonly ReplicationWorld _world;

    public SyncthingNetworkTests() => _world = new(_clock, 1);

    public void Dispose() => _world.Dispose();

    [Fact]
    public void What_the_application_writes_arrives_at_the_peer_after_as_long_as_the_bytes_take()
    {
        _world.Syncthing.Bandwidth = 1_000_000;
        Join();
        var status = Completion(Primary, Backup);
        Assert.True((long)status["needBytes"]! > 1_000_000, "nothing has arrived yet");
        Assert.InRange((double)status["completion"]!, 0, 50);
        Assert.Equal("syncing", State(Backup));
        Assert.True((long)Completion(Backup, null)["needItems"]! > 5);

        _clock.Advance(TimeSpan.FromSeconds(2));
        var later = Completion(Primary, Backup);
        Assert.InRange((long)status["needBytes"]! - (long)later["needBytes"]!, 1_000_000, 30_000_000);

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(100, (double)Completion(Primary, Backup)["completion"]!);
        Assert.Equal(0, (int)Completion(Backup, Primary)["needItems"]!);
        Assert.Equal("idle", State(Backup));
        Assert.Equal(Files(Primary), Files(Backup));
    }

    [Fact]
    public void Changes_and_deletions_follow_by_the_clock_and_are_the_same_for_a_seed()
    {
        Join();
        _clock.Advance(TimeSpan.FromHours(6));
        Assert.Equal(Files(Primary), Files(Backup));
        Assert.True(_world.Syncthing.Read(Primary, (device, _) => device.Changes) > 50);

        using var other = new ReplicationWorld(_clock, 1);
        Assert.Equal(AppFiles.Change(1, "pvc-sonarr", 7), AppFiles.Change(1, "pvc-sonarr", 7));
        Assert.NotEqual(AppFiles.Change(1, "pvc-sonarr", 7), AppFiles.Change(1, "pvc-radarr", 7));
    }

    [Fact]
    public void A_change_is_seen_by_the_watcher_or_by_a_scan()
    {
        Settle();
        _world.Syncthing.Write(Primary, "new.txt", 500, 1);
        Assert.Null(_world.Syncthing.Read(Primary, (device, _) => device.Index.Find("new.txt")));
        _world.Syncthing.Scan(Primary);
        Assert.NotNull(_world.Syncthing.Read(Primary, (device, _) => device.Index.Find("new.txt")));
        Assert.InRange((int)Completion(Primary, Backup)["needBytes"]!, 1, 500);

        _world.Syncthing.Write(Primary, "later.txt", 600, 2);
        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Contains("later.txt", Files(Backup));

        _world.Syncthing.Write(Primary, "later.txt", 0, 0);
        _world.StopSync(Backup, isOn: true);
        _clock.Advance(TimeSpan.FromSeconds(15));
        var status = Completion(Primary, Backup);
        Assert.Equal((1, 0, 95.0), ((int)status["needDeletes"]!, (int)status["needItems"]!, (double)status["completion"]!));
        _world.StopSync(Backup, isOn: false);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain("later.txt", Files(Backup));
    }

    [Theory]
    [InlineData("id")]
    [InlineData("address")]
    [InlineData("pod")]
    [InlineData("node")]
    [InlineData("gone")]
    [InlineData("paused")]
    public void A_peer_is_lost_and_what_it_lacks_is_what_was_known_of_it(string cause)
    {
        Settle();
        var told = new HashSet<ObjectName>();
        _world.OnChange(source => told.Add(source));
        var undo = Break(cause);
        Assert.Equal([Backup, Primary], told.OrderBy(name => name.Name));
        Assert.False((bool)Connection(Primary, Backup)["connected"]!);
        Assert.Equal("", (string?)Connection(Primary, Backup)["address"]);

        _world.Syncthing.Write(Primary, "missed.txt", 700, 3);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain("missed.txt", Files(Backup));
        if (cause != "id")
        {
            Assert.True((int)Completion(Primary, Backup)["needItems"]! >= 1);
            Assert.Equal("unknown", (string?)Completion(Primary, Backup)["remoteState"]);
        }

        undo();
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True((bool)Connection(Primary, Backup)["connected"]!);
        Assert.Contains("missed.txt", Files(Backup));
    }

    [Fact]
    public void Changes_on_both_sides_apart_from_each_other_are_a_conflict_until_somebody_cleans_up()
    {
        Settle();
        _world.Conflict(Primary, isOn: true, files: 2);
        _clock.Advance(TimeSpan.FromMinutes(1));
        var conflicts = Files(Primary).Where(file => file.Contains(".sync-conflict-", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, conflicts.Length);
        Assert.Matches(@"\.sync-conflict-\d{8}-\d{6}-[A-Z2-7]{7}(\.\w+)?$", conflicts[0]);
        Assert.Equal(Files(Primary), Files(Backup));

        _world.Conflict(Primary, isOn: false);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain(Files(Backup), file => file.Contains(".sync-conflict-", StringComparison.Ordinal));
    }

    [Fact]
    public void Sides_that_diverged_merge_when_they_meet()
    {
        Settle();
        _world.Diverge(Primary, isOn: true);
        Assert.NotEqual(Files(Primary), Files(Backup));
        Assert.True((int)Completion(Primary, Backup)["needItems"]! >= 3);
        _world.Diverge(Primary, isOn: false);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(Files(Primary), Files(Backup));
        Assert.Equal(6, Files(Primary).Count(file => file.StartsWith("diverged/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Who_may_not_write_says_so_of_each_file()
    {
        Settle();
        _world.RefuseWrites(Backup, isOn: true);
        _world.Syncthing.Write(Primary, "refused.txt", 10, 4);
        _clock.Advance(TimeSpan.FromSeconds(15));
        var errors = _world.Syncthing.Read(Backup, (device, _) => SyncthingViews.FolderErrors(device))!["errors"]!.AsArray();
        Assert.Contains(errors, error => (string?)error!["path"] == "refused.txt" && ((string?)error["error"])!.EndsWith("permission denied", StringComparison.Ordinal));
        Assert.Equal(errors.Count, (int)_world.Syncthing.Read(Backup, (device, _) => SyncthingViews.FolderStatus(device))!["errors"]!);

        _world.RefuseWrites(Backup, isOn: true, isFull: true);
        Assert.Equal("error", State(Backup));
        _world.RefuseWrites(Backup, isOn: false);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("refused.txt", Files(Backup));
    }

    [Fact]
    public void A_jump_of_years_ends_soon()
    {
        Settle();
        _clock.Advance(TimeSpan.FromDays(3650));
        Assert.Equal(100, (double)Completion(Primary, null)["completion"]!);
    }

    private void Settle()
    {
        Join();
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(Files(Primary), Files(Backup));
    }

    private void Join()
    {
        _world.Syncthing.Place(Primary, "pvc-sonarr", Place(Backup, "10.43.0.1", "k3s-w1", hasWriter: true));
        _world.Syncthing.Place(Backup, "pvc-sonarr-backup", Place(Primary, "10.43.0.2", "k3s-w2", hasWriter: false));
    }

    private static SyncthingPlace Place(ObjectName peer, string host, string node, bool hasWriter) => new(
        [new(Id(peer), peer == Primary ? "tcp://10.43.0.1:22000" : "tcp://10.43.0.2:22000", Introducer: false)],
        [host],
        $"volsync-{(peer == Primary ? Backup : Primary).Name}-abcde",
        host.Replace("43", "42", StringComparison.Ordinal),
        node,
        hasWriter);

    private Action Break(string cause)
    {
        var place = Place(Primary, "10.43.0.2", "k3s-w2", hasWriter: false);
        switch (cause)
        {
            case "node":
                _world.Syncthing.IsNodeUp = node => node != "k3s-w2";
                _world.Syncthing.NodesChanged();
                return () =>
                {
                    _world.Syncthing.IsNodeUp = _ => true;
                    _world.Syncthing.NodesChanged();
                };
            case "gone":
                _world.CutOff(Backup, isOn: true);
                return () => _world.CutOff(Backup, isOn: false);
            case "paused":
                _world.Syncthing.Change(Primary, (device, _) => device.Link(Id(Backup)).IsPaused = true);
                return () => _world.Syncthing.Change(Primary, (device, _) => device.Link(Id(Backup)).IsPaused = false);
            default:
                var broken = cause switch
                {
                    "id" => place with { Peers = [place.Peers[0] with { Id = SyncthingIdentity.Of(9, "other", "one") }] },
                    "address" => place with { Hosts = ["10.43.0.77"] },
                    _ => place with { Pod = null },
                };
                _world.Syncthing.Place(Backup, "pvc-sonarr-backup", broken);
                return () => _world.Syncthing.Place(Backup, "pvc-sonarr-backup", place);
        }
    }

    private static string Id(ObjectName source) => SyncthingIdentity.Of(1, source.Namespace, source.Name);

    private JsonObject Completion(ObjectName source, ObjectName? peer) =>
        JsonNode.Parse(_world.Syncthing.Read(source, (device, now) => SyncthingViews.Completion(device, peer is { } name ? Id(name) : null, ofFolder: true, now))!.ToJsonString())!.AsObject();

    private JsonNode Connection(ObjectName source, ObjectName peer) => _world.Syncthing.Read(source, SyncthingViews.Connections)!["connections"]![Id(peer)]!;

    private string State(ObjectName source) => _world.Syncthing.Read(source, (device, _) => device.State)!;

    private string[] Files(ObjectName source) => _world.Syncthing.Read(source, (device, _) => device.Index.Items.Where(item => !item.IsDeleted).Select(item => item.Path).ToArray())!;
}
