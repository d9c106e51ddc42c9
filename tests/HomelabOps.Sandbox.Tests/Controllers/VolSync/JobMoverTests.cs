using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.VolSync;

public sealed class JobMoverTests
{
    private static readonly ObjectName Backup = new("media", "backup");

    [Fact]
    public async Task A_scheduled_backup_runs_at_once_and_then_by_its_schedule()
    {
        await using var cluster = await StartResticAsync();
        await cluster.AddSourceAsync("backup", Restic("""{"schedule":"0 * * * *"}"""));
        await cluster.StatusAsync("backup", status => Text(status, "lastSyncStartTime").Length > 0 && VolSyncCluster.Reason(status) == "SyncInProgress", "it runs");
        await Cluster.UntilAsync(async () => await cluster.Inner.Client.FindObjectAsync(ResourceType.Job, "media", "volsync-src-backup", Cluster.Stop) is not null, "its Job is there");
        var job = await cluster.GetAsync(ResourceType.Job, "volsync-src-backup");
        Assert.Equal((8, 1, "Never"), (Number(job, "spec.backoffLimit"), Number(job, "spec.parallelism"), Text(job, "spec.template.spec.restartPolicy")));
        Assert.Equal("volsync", (string?)job["spec"]!["template"]!["metadata"]!["labels"]!["app.kubernetes.io/created-by"]);
        Assert.NotNull(await cluster.Inner.Client.FindObjectAsync(Types.PersistentVolumeClaim, "media", "volsync-src-backup-cache", Cluster.Stop));

        var done = await cluster.PassAsync("backup", status => VolSyncCluster.Reason(status) == "WaitingForSchedule", "it waits");
        Assert.False(done.ContainsKey("lastSyncStartTime"));
        Assert.Equal("Successful", Text(done, "latestMoverStatus.result"));
        Assert.Matches(@"snapshot [0-9a-f]{8} saved", Text(done, "latestMoverStatus.logs"));
        Assert.DoesNotContain("Starting container", Text(done, "latestMoverStatus.logs"), StringComparison.Ordinal);
        Assert.Matches(@"^(\d+m)?\d+(\.\d+)?s$", Text(done, "lastSyncDuration"));
        Assert.EndsWith(":00:00Z", Text(done, "nextSyncTime"), StringComparison.Ordinal);
        await Cluster.UntilAsync(async () => await cluster.Inner.Client.FindObjectAsync(ResourceType.Job, "media", "volsync-src-backup", Cluster.Stop) is null, "its Job is gone");

        cluster.Inner.Clock.Advance(TimeSpan.FromHours(1));
        var again = await cluster.PassAsync("backup", status => Text(status, "lastSyncTime") != Text(done, "lastSyncTime") && VolSyncCluster.Reason(status) == "WaitingForSchedule", "it has run again");
        Assert.NotEqual(Text(done, "nextSyncTime"), Text(again, "nextSyncTime"));
        Assert.Empty(cluster.Inner.Host.Faults);
    }

    [Fact]
    public async Task A_token_replaces_the_schedule_and_is_taken_at_the_end()
    {
        await using var cluster = await StartResticAsync();
        await cluster.AddSourceAsync("backup", Restic("""{"schedule":"0 * * * *","manual":"first"}"""));
        var done = await cluster.PassAsync("backup", status => VolSyncCluster.Reason(status) == "WaitingForManual", "it waits for the next token");
        Assert.Equal("first", Text(done, "lastManualSync"));
        Assert.False(done.ContainsKey("nextSyncTime"));

        await cluster.PatchAsync(Types.ReplicationSource, "backup", """{"spec":{"trigger":{"manual":"second"}}}""");
        await cluster.StatusAsync("backup", status => VolSyncCluster.Reason(status) == "SyncInProgress", "it runs");
        await cluster.PatchAsync(Types.ReplicationSource, "backup", """{"spec":{"trigger":{"manual":"third"}}}""");
        var third = await cluster.PassAsync("backup", status => VolSyncCluster.Reason(status) == "WaitingForManual", "it waits");
        Assert.Equal("third", Text(third, "lastManualSync"));

        await cluster.PatchAsync(Types.ReplicationSource, "backup", """{"spec":{"trigger":{"manual":null}}}""");
        await cluster.StatusAsync("backup", status => VolSyncCluster.Reason(status) == "WaitingForSchedule" && Text(status, "nextSyncTime").Length > 0, "the schedule counts again");
    }

    [Fact]
    public async Task A_locked_repository_fails_again_and_again_until_it_is_unlocked()
    {
        await using var cluster = await StartResticAsync();
        cluster.World.FailMover(Backup, MoverFault.ResticLock);
        await cluster.AddSourceAsync("backup", Restic("""{"schedule":"0 * * * *"}"""));
        var failed = await cluster.PassAsync("backup", status => Text(status, "latestMoverStatus.result") == "Failed" && Text(status, "latestMoverStatus.logs").Length > 0, "it has failed, and says why");
        Assert.Equal("SyncInProgress", VolSyncCluster.Reason(failed));
        Assert.Contains("repository is already locked", Text(failed, "latestMoverStatus.logs"), StringComparison.Ordinal);
        Assert.False(failed.ContainsKey("lastSyncTime"));

        await cluster.PatchAsync(Types.ReplicationSource, "backup", """{"spec":{"restic":{"unlock":"now"}}}""");
        var done = await cluster.PassAsync("backup", status => VolSyncCluster.Reason(status) == "WaitingForSchedule", "it succeeds");
        Assert.Equal(("now", "Successful"), (Text(done, "restic.lastUnlocked"), Text(done, "latestMoverStatus.result")));
        Assert.Equal(MoverFault.None, cluster.World.FaultOf(Backup));
    }

    [Fact]
    public async Task A_repository_is_pruned_after_so_many_days()
    {
        await using var cluster = await StartResticAsync();
        await cluster.AddSourceAsync("backup", Restic("""{"manual":"1"}""", ""","pruneIntervalDays":2"""));
        var first = await cluster.PassAsync("backup", status => VolSyncCluster.Reason(status) == "WaitingForManual", "the first is done");
        Assert.Equal("", Text(first, "restic.lastPruned"));
        cluster.Inner.Clock.Advance(TimeSpan.FromDays(3));
        await cluster.PatchAsync(Types.ReplicationSource, "backup", """{"spec":{"trigger":{"manual":"2"}}}""");
        var second = await cluster.PassAsync("backup", status => Text(status, "lastManualSync") == "2", "the second is done");
        Assert.NotEqual("", Text(second, "restic.lastPruned"));
    }

    [Fact]
    public async Task A_paused_one_has_a_Job_that_runs_nothing()
    {
        await using var cluster = await StartResticAsync();
        await cluster.AddSourceAsync("backup", Restic("""{"manual":"1"}""").Insert(1, "\"paused\":true,"));
        await Cluster.UntilAsync(async () => await cluster.Inner.Client.FindObjectAsync(ResourceType.Job, "media", "volsync-src-backup", Cluster.Stop) is { } job && Number(job, "spec.parallelism") == 0, "its Job runs nothing");
        await cluster.PatchAsync(Types.ReplicationSource, "backup", """{"spec":{"paused":false}}""");
        await cluster.PassAsync("backup", status => Text(status, "lastManualSync") == "1", "it is done");
    }

    [Theory]
    [InlineData("""{"sourcePVC":"pvc-sonarr"}""", "a replication method must be specified")]
    [InlineData("""{"sourcePVC":"pvc-sonarr","syncthing":{},"restic":{}}""", "only one replication method can be supplied")]
    [InlineData("""{"sourcePVC":"nothing","restic":{"repository":"restic","copyMethod":"Direct"}}""", "PersistentVolumeClaim \"nothing\" not found")]
    [InlineData("""{"sourcePVC":"pvc-sonarr","restic":{"repository":"nothing","copyMethod":"Direct"}}""", "Secret \"nothing\" not found")]
    [InlineData("""{"sourcePVC":"pvc-sonarr","restic":{"repository":"incomplete","copyMethod":"Direct"}}""", "secret should have fields: [RESTIC_REPOSITORY RESTIC_PASSWORD]")]
    [InlineData("""{"sourcePVC":"pvc-sonarr","restic":{"repository":"restic","copyMethod":"Direct","moverServiceAccount":"nobody"}}""", "ServiceAccount \"nobody\" not found")]
    public async Task What_is_wrong_is_the_message_of_the_condition(string spec, string message)
    {
        await using var cluster = await StartResticAsync();
        await cluster.AddAsync(Types.Secret, """{"metadata":{"name":"incomplete","namespace":"media"},"data":{"RESTIC_REPOSITORY":"eA=="}}""");
        await cluster.AddSourceAsync("backup", spec);
        var status = await cluster.StatusAsync("backup", status => VolSyncCluster.Reason(status) == "Error", "it is an error");
        Assert.StartsWith(message, VolSyncCluster.Message(status), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_ends_of_rsyncTLS_meet_by_address_and_key()
    {
        await using var cluster = await VolSyncCluster.StartAsync();
        await cluster.AddAsync(Types.ReplicationDestination, """{"metadata":{"name":"in","namespace":"media"},"spec":{"trigger":{"manual":"1"},"rsyncTLS":{"copyMethod":"Direct","destinationPVC":"pvc-sonarr-backup"}}}""");
        var listening = await cluster.StatusAsync("in", status => Text(status, "rsyncTLS.keySecret").Length > 0, "it listens", Types.ReplicationDestination);
        Assert.Equal("volsync-rsync-tls-in", Text(listening, "rsyncTLS.keySecret"));
        Assert.StartsWith("volsync:", SyncthingSecret.Field(await cluster.GetAsync(Types.Secret, "volsync-rsync-tls-in"), "psk.txt"), StringComparison.Ordinal);
        var service = await cluster.GetAsync(Types.Service, "volsync-rsync-tls-dst-in");
        Assert.Equal((8000, Text(listening, "rsyncTLS.address")), (Number(Items(service, "spec.ports").Single(), "port"), Text(service, "spec.clusterIP")));

        await cluster.AddSourceAsync("out", $$$"""{"sourcePVC":"pvc-sonarr","trigger":{"manual":"1"},"rsyncTLS":{"copyMethod":"Direct","keySecret":"volsync-rsync-tls-in","address":"{{{Text(listening, "rsyncTLS.address")}}}"} }""");
        await cluster.PassAsync("out", status => VolSyncCluster.Reason(status) == "WaitingForManual", "it is sent");
        var received = await cluster.PassAsync("in", status => VolSyncCluster.Reason(status) == "WaitingForManual", "it is received", Types.ReplicationDestination);
        Assert.Equal(("PersistentVolumeClaim", "pvc-sonarr-backup"), (Text(received, "latestImage.kind"), Text(received, "latestImage.name")));
        var events = await cluster.EventsAsync("out");
        Assert.Contains("Normal TransferStarted starting Job/volsync-rsync-tls-src-out to transmit data", events);
        Assert.Contains(await cluster.EventsAsync("in"), item => item.StartsWith("Normal ServiceAddressAssigned listening on address 10.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_destination_of_rsyncTLS_waits_for_its_source_and_ends_with_it()
    {
        await using var cluster = await VolSyncCluster.StartAsync();
        await cluster.AddAsync(Types.ReplicationDestination, """{"metadata":{"name":"in","namespace":"media"},"spec":{"rsyncTLS":{"copyMethod":"Direct","destinationPVC":"pvc-sonarr-backup"}}}""");
        var listening = await cluster.StatusAsync("in", status => Text(status, "rsyncTLS.keySecret").Length > 0, "it listens", Types.ReplicationDestination);
        await Cluster.UntilAsync(async () => await cluster.Inner.Client.FindObjectAsync(ResourceType.Job, "media", "volsync-rsync-tls-dst-in", Cluster.Stop) is not null, "its Job is there");

        // Another backup takes as long as a transfer, and is done; nothing has come to the destination.
        cluster.Inner.Clock.Advance(TimeSpan.FromMinutes(10));
        await cluster.AddAsync(Types.Secret, """{"metadata":{"name":"key","namespace":"media"},"data":{"psk.txt":"eA=="}}""");
        await cluster.AddSourceAsync("other", """{"sourcePVC":"pvc-sonarr","trigger":{"manual":"1"},"rsyncTLS":{"copyMethod":"Direct","keySecret":"key","address":"192.0.2.1"} }""");
        await cluster.PassAsync("other", status => Text(status, "lastManualSync") == "1", "it is sent to elsewhere");
        var waiting = await cluster.StatusAsync("in", _ => true, "it waits", Types.ReplicationDestination);
        Assert.Equal(("SyncInProgress", ""), (VolSyncCluster.Reason(waiting), Text(waiting, "lastSyncTime")));

        await cluster.AddSourceAsync("out", $$$"""{"sourcePVC":"pvc-sonarr","trigger":{"manual":"1"},"rsyncTLS":{"copyMethod":"Direct","keySecret":"volsync-rsync-tls-in","address":"{{{Text(listening, "rsyncTLS.address")}}}"} }""");
        var sent = await cluster.PassAsync("out", status => Text(status, "lastManualSync") == "1", "it is sent");
        Assert.NotEqual("", Text(sent, "lastSyncTime"));
        await cluster.PassAsync("in", status => Text(status, "lastSyncTime").Length > 0, "it is received", Types.ReplicationDestination);
    }

    [Fact]
    public async Task A_source_of_rsyncTLS_waits_when_the_pod_that_listened_has_died()
    {
        await using var cluster = await VolSyncCluster.StartAsync();
        await cluster.AddAsync(Types.ReplicationDestination, """{"metadata":{"name":"in","namespace":"media"},"spec":{"rsyncTLS":{"copyMethod":"Direct","destinationPVC":"pvc-sonarr-backup"}}}""");
        var listening = await cluster.StatusAsync("in", status => Text(status, "rsyncTLS.keySecret").Length > 0, "it listens", Types.ReplicationDestination);
        JsonObject? job = null;
        await Cluster.UntilAsync(async () => (job = await cluster.Inner.Client.FindObjectAsync(ResourceType.Job, "media", "volsync-rsync-tls-dst-in", Cluster.Stop)) is not null, "its Job is there");
        var pod = $"volsync-rsync-tls-dst-in-{Text(job, "metadata.uid")[..5]}0";
        await Cluster.UntilAsync(async () => await cluster.Inner.Client.FindObjectAsync(ResourceType.Pod, "media", pod, Cluster.Stop) is not null, "its pod is there");
        cluster.Inner.Clock.Advance(TimeSpan.FromSeconds(2));
        await cluster.PatchAsync(ResourceType.Job, "volsync-rsync-tls-dst-in", """{"spec":{"parallelism":0}}""");
        await cluster.PatchAsync(Types.ReplicationDestination, "in", """{"spec":{"paused":true}}""");
        await cluster.Inner.RestAsync();
        await cluster.Inner.Client.DeleteAsync(ResourceType.Pod, "media", pod, new DeleteRequest { GracePeriodSeconds = 0 }, Cluster.Stop);

        await cluster.AddSourceAsync("out", $$$"""{"sourcePVC":"pvc-sonarr","trigger":{"manual":"1"},"rsyncTLS":{"copyMethod":"Direct","keySecret":"volsync-rsync-tls-in","address":"{{{Text(listening, "rsyncTLS.address")}}}"} }""");
        await cluster.StatusAsync("out", status => VolSyncCluster.Reason(status) == "SyncInProgress", "it calls");
        for (var minute = 0; minute < 10; minute++)
        {
            cluster.Inner.Clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(50, Cluster.Stop);
        }

        Assert.Equal("", Text((await cluster.GetAsync(Types.ReplicationSource, "out"))["status"] as JsonObject, "lastManualSync"));

        // Another pod listens, and it goes on.
        await cluster.PatchAsync(Types.ReplicationDestination, "in", """{"spec":{"paused":false}}""");
        await cluster.PassAsync("out", status => Text(status, "lastManualSync") == "1", "it is sent");
    }

    [Fact]
    public async Task A_transfer_without_rights_fails_and_says_why()
    {
        await using var cluster = await VolSyncCluster.StartAsync();
        cluster.World.FailMover(new("media", "out"), MoverFault.PermissionDenied);
        await cluster.AddAsync(Types.Secret, """{"metadata":{"name":"key","namespace":"media"},"data":{"psk.txt":"eA=="}}""");
        await cluster.AddSourceAsync("out", """{"sourcePVC":"pvc-sonarr","trigger":{"schedule":"*/5 * * * *"},"rsyncTLS":{"copyMethod":"Direct","keySecret":"key","address":"10.0.0.1"}}""");
        var failed = await cluster.PassAsync("out", status => Text(status, "latestMoverStatus.result") == "Failed", "it has failed");
        Assert.Contains("Operation not permitted", Text(failed, "latestMoverStatus.logs"), StringComparison.Ordinal);
        await Cluster.UntilAsync(async () => (await cluster.EventsAsync("out")).Contains("Warning TransferFailed mover Job backoff limit reached"), "there is an event");
        await cluster.PatchAsync(ResourceType.Namespace, "media", """{"metadata":{"annotations":{"volsync.backube/privileged-movers":"true"}}}""");
        await cluster.PassAsync("out", status => VolSyncCluster.Reason(status) == "WaitingForSchedule", "with the rights of root it can");
    }

    [Theory]
    [InlineData("rclone", "volsync-rclone-src-out", """{"copyMethod":"Clone","rcloneConfig":"rclone","rcloneConfigSection":"nas","rcloneDestPath":"/backup"}""")]
    [InlineData("rsync", "volsync-rsync-src-out", """{"copyMethod":"Direct","address":"10.0.0.1"}""")]
    public async Task The_other_movers_have_Jobs_of_their_own(string method, string job, string spec)
    {
        await using var cluster = await VolSyncCluster.StartAsync();
        await cluster.AddAsync(Types.Secret, """{"metadata":{"name":"rclone","namespace":"media"},"data":{"rclone.conf":"eA=="}}""");
        await cluster.AddSourceAsync("out", $$$"""{"sourcePVC":"pvc-sonarr","trigger":{"manual":"1"},"{{{method}}}":{{{spec}}} }""");
        await Cluster.UntilAsync(async () => await cluster.Inner.Client.FindObjectAsync(ResourceType.Job, "media", job, Cluster.Stop) is not null, "its Job is there");
        var done = await cluster.PassAsync("out", status => VolSyncCluster.Reason(status) == "WaitingForManual", "it is done");
        Assert.Equal("Successful", Text(done, "latestMoverStatus.result"));
        Assert.NotEqual("", Text(done, "latestMoverStatus.logs"));
        Assert.Equal(method == "rsync" ? "volsync-rsync-src-dest-out" : "", Text(done, "rsync.sshKeys"));
        await Cluster.UntilAsync(async () => (await ClaimsAsync(cluster)).SequenceEqual(["pvc-sonarr", "pvc-sonarr-backup"]), "no claim of the transfer stays");
    }

    [Theory]
    [InlineData("2025-01-01T12:00:00Z", false)]
    [InlineData("2025-01-01T13:00:00Z", false)]
    [InlineData("2025-01-01T13:00:01Z", true)]
    public void A_schedule_is_missed_when_two_times_of_it_have_passed(string now, bool hasMissed)
    {
        var owner = JsonNode.Parse("""{"spec":{"trigger":{"schedule":"0 * * * *"}}}""")!.AsObject();
        var status = JsonNode.Parse("""{"lastSyncTime":"2025-01-01T11:30:00Z"}""")!.AsObject();
        Assert.Equal(hasMissed, new ReplicationMachine(owner, status, DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)).HasMissed);
    }

    private static async Task<IEnumerable<string>> ClaimsAsync(VolSyncCluster cluster)
    {
        var claims = new List<string>();
        await foreach (var claim in cluster.Inner.Client.ListAsync(Types.PersistentVolumeClaim, new ListQuery { Namespace = "media" }, ObjectNodeContext.Default.ObjectNode, cancellationToken: Cluster.Stop))
        {
            claims.Add(Text(claim.Json, "metadata.name"));
        }

        return claims.Order();
    }

    private static async Task<VolSyncCluster> StartResticAsync()
    {
        var cluster = await VolSyncCluster.StartAsync();
        await cluster.AddAsync(Types.Secret, """{"metadata":{"name":"restic","namespace":"media"},"data":{"RESTIC_REPOSITORY":"eA==","RESTIC_PASSWORD":"eA=="}}""");
        return cluster;
    }

    private static string Restic(string trigger, string more = "") => $$$"""{"sourcePVC":"pvc-sonarr","trigger":{{{trigger}}},"restic":{"repository":"restic","copyMethod":"Direct"{{{more}}} } }""";
}
