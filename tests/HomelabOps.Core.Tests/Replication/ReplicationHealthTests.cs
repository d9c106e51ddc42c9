using System.Text.Json;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Replication.Wire;

namespace HomelabOps.Core.Tests.Replication;

public sealed class ReplicationHealthTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"trigger":{"schedule":"*/15 * * * *"},"restic":{}}""", """{"lastSyncTime":"2026-03-01T11:46:00Z"}""", "Waiting")]
    [InlineData("""{"trigger":{"schedule":"*/15 * * * *"},"restic":{}}""", """{"lastSyncTime":"2026-03-01T11:31:00Z"}""", "Waiting")]
    [InlineData("""{"trigger":{"schedule":"*/15 * * * *"},"restic":{}}""", """{"lastSyncTime":"2026-03-01T11:29:00Z"}""", "Late")]
    [InlineData("""{"trigger":{"schedule":"0 3 * * *"},"restic":{}}""", """{"lastSyncTime":"2026-02-28T03:04:00Z"}""", "Waiting")]
    [InlineData("""{"trigger":{"schedule":"0 3 * * *"},"restic":{}}""", """{"lastSyncTime":"2026-02-27T03:04:00Z","lastSyncStartTime":"2026-03-01T03:00:00Z"}""", "Late")]
    [InlineData("""{"trigger":{"schedule":"*/15 * * * *","manual":"once"},"restic":{}}""", """{"lastSyncTime":"2026-03-01T09:00:00Z","lastManualSync":"once"}""", "Late")]
    [InlineData("""{"trigger":{"schedule":"*/15 * * * *"},"restic":{}}""", """{"lastSyncStartTime":"2026-03-01T11:00:00Z"}""", "Late")]
    [InlineData("""{"trigger":{"schedule":"0 3 * * *"},"restic":{}}""", """{"lastSyncTime":"2026-03-01T03:04:00Z","lastSyncDuration":"2m3.5s","lastSyncStartTime":"2026-03-01T11:30:00Z"}""", "Running")]
    [InlineData("""{"trigger":{"schedule":"0 3 * * *"},"restic":{}}""", """{"lastSyncTime":"2026-03-01T03:04:00Z","lastSyncDuration":"2m3.5s","lastSyncStartTime":"2026-03-01T10:30:00Z"}""", "Late")]
    [InlineData("""{"trigger":{"manual":"restore"},"restic":{}}""", """{"lastSyncStartTime":"2026-03-01T07:00:00Z"}""", "Running")]
    [InlineData("""{"trigger":{"manual":"restore"},"restic":{}}""", """{"lastSyncStartTime":"2026-03-01T05:00:00Z"}""", "Late")]
    [InlineData("""{"trigger":{"manual":"restore"},"restic":{}}""", """{"lastSyncTime":"2025-03-01T07:00:00Z","lastManualSync":"restore"}""", "Waiting")]
    [InlineData("""{"trigger":{"schedule":"0 3 * * *"},"restic":{}}""", """{"lastSyncTime":"2026-03-01T03:04:00Z","lastSyncStartTime":"2026-03-01T11:59:00Z","latestMoverStatus":{"result":"Failed","logs":"a\nb"}}""", "Failed")]
    [InlineData("""{"trigger":{"schedule":"61 3 * * *"},"restic":{}}""", "null", "Failed")]
    [InlineData("""{"trigger":{"schedule":"CRON_TZ=Nowhere/At 0 3 * * *"},"restic":{}}""", "null", "Failed")]
    [InlineData("""{"trigger":{"schedule":"@every 10m"},"restic":{}}""", """{"lastSyncTime":"2026-03-01T11:30:00Z"}""", "Late")]
    [InlineData("""{"trigger":{"schedule":"*/15 * * * *"},"restic":{},"paused":true}""", """{"lastSyncTime":"2026-02-01T11:30:00Z"}""", "Paused")]
    [InlineData("""{"restic":{}}""", "null", "Pending")]
    [InlineData("""{"restic":{}}""", "{}", "Pending")]
    [InlineData("""{}""", """{"conditions":[{"type":"Synchronizing","status":"False","reason":"Error","message":"a replication method must be specified"}]}""", "Failed")]
    [InlineData("""{"rsyncTLS":{"address":"x"},"trigger":{"schedule":"0 3 * * *"}}""", """{"lastSyncTime":"2026-03-01T03:04:00Z","lastSyncDuration":"10s","lastSyncStartTime":"2026-03-01T10:30:00Z"}""", "Late")]
    public void The_state_of_a_source_follows_from_times_and_results(string spec, string status, string state) => Assert.Equal(state, Of(spec, status, isSource: true).State.ToString());

    [Fact]
    public void A_destination_that_waits_for_its_source_is_not_late() =>
        Assert.Equal(ReplicationState.Running, Of("""{"rsyncTLS":{}}""", """{"lastSyncTime":"2026-02-28T03:04:00Z","lastSyncDuration":"10s","lastSyncStartTime":"2026-02-28T03:04:10Z"}""", isSource: false).State);

    [Theory]
    [InlineData("""[{"ID":"A","address":"tcp://a:22000"}]""", """[{"ID":"A","connected":true}]""", true, "Connected")]
    [InlineData("""[{"ID":"A","address":"tcp://a:22000"}]""", """[{"ID":"A","connected":false}]""", true, "Disconnected")]
    [InlineData("""[{"ID":"A","address":"tcp://a:22000"}]""", """[{"ID":"B","connected":true}]""", true, "Disconnected")]
    [InlineData("""[{"ID":"A","address":"tcp://a:22000"}]""", """null""", true, "Disconnected")]
    [InlineData("""[]""", """null""", true, "Disconnected")]
    [InlineData("""[{"ID":"A","address":"tcp://a:22000"}]""", """[{"ID":"A","connected":true}]""", false, "Disconnected")]
    public void A_Syncthing_is_judged_by_its_peers_and_is_never_late(string peers, string connected, bool isReady, string state)
    {
        var spec = $$"""{"paused":true,"syncthing":{"peers":{{peers}} } }""";
        var status = $$"""{"lastSyncStartTime":"2024-03-01T11:30:00Z","conditions":[{"type":"Synchronizing","status":"True","reason":"SyncInProgress"}],"syncthing":{"ID":"X","peers":{{connected}} } }""";
        var health = ReplicationHealth.Of(Item(spec, status), isSource: true, [new HomelabPod { Name = "p", Ready = isReady, Status = "CrashLoopBackOff" }], Now);
        Assert.Equal((state, state == "Connected"), (health.State.ToString(), health.IsHealthy));
        Assert.NotEqual("", health.Message);
    }

    [Fact]
    public void The_last_line_of_a_mover_is_in_the_message() =>
        Assert.Contains("lock", Of("""{"restic":{}}""", """{"latestMoverStatus":{"result":"Failed","logs":"opening\nunable to create lock\n"}}""", isSource: true).Message, StringComparison.Ordinal);

    private static ReplicationHealth Of(string spec, string status, bool isSource) => ReplicationHealth.Of(Item(spec, status), isSource, [], Now);

    private static ReplicationWire Item(string spec, string status) =>
        JsonSerializer.Deserialize($$"""{"metadata":{"name":"x","namespace":"media"},"spec":{{spec}},"status":{{status}} }""", ReplicationWireContext.Default.ReplicationWire)!;
}
