using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Homelab;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.VolSync;

public sealed class SyncthingMoverTests
{
    private static readonly string PrimaryId = SyncthingIdentity.Of(1, "media", "sonarr-primary");
    private static readonly string BackupId = SyncthingIdentity.Of(1, "media", "sonarr-backup");

    [Fact]
    public async Task It_makes_what_a_syncthing_needs_under_the_names_of_VolSync()
    {
        await using var cluster = await VolSyncCluster.StartAsync();
        await cluster.AddSourceAsync("sonarr-primary", """{"sourcePVC":"pvc-sonarr","syncthing":{"serviceType":"ClusterIP","moverPodLabels":{"syncthing.io/role":"source"},"moverSecurityContext":{"fsGroup":1000}}}""");
        var status = await cluster.StatusAsync("sonarr-primary", status => Text(status, "syncthing.ID").Length > 0, "it has an ID");

        Assert.Equal("SyncInProgress", VolSyncCluster.Reason(status));
        Assert.Equal(PrimaryId, Text(status, "syncthing.ID"));
        Assert.NotEmpty(Text(status, "lastSyncStartTime"));
        Assert.False(status.ContainsKey("lastSyncTime") || status.ContainsKey("nextSyncTime"));

        var deployment = await cluster.GetAsync(Types.Deployment, "volsync-sonarr-primary");
        Assert.Equal(("Recreate", 1, "sonarr-primary", "volsync"), (Text(deployment, "spec.strategy.type"), Number(deployment, "spec.replicas"), (string?)deployment["metadata"]!["labels"]!["app"], (string?)deployment["metadata"]!["labels"]!["app.kubernetes.io/created-by"]));
        var labels = deployment["spec"]!["template"]!["metadata"]!["labels"]!;
        Assert.Equal(("sonarr-primary", "syncthing-mover", "volsync", "source"), ((string?)labels["app.kubernetes.io/name"], (string?)labels["app.kubernetes.io/component"], (string?)labels["app.kubernetes.io/part-of"], (string?)labels["syncthing.io/role"]));
        Assert.Equal(1000, Number(deployment, "spec.template.spec.securityContext.fsGroup"));
        Assert.Equal("volsync-src-sonarr-primary", Text(deployment, "spec.template.spec.serviceAccountName"));
        var owner = Assert.Single(Items(deployment, "metadata.ownerReferences"));
        Assert.Equal(("ReplicationSource", "sonarr-primary", true, true), (Text(owner, "kind"), Text(owner, "name"), (bool)owner["controller"]!, (bool)owner["blockOwnerDeletion"]!));

        var data = await cluster.GetAsync(Types.Service, "volsync-sonarr-primary-data");
        Assert.Equal(("ClusterIP", 22000), (Text(data, "spec.type"), Number(Items(data, "spec.ports").Single(), "port")));
        Assert.Equal($"tcp://{Text(data, "spec.clusterIP")}:22000", Text(status, "syncthing.address"));
        Assert.Equal(8384, Number(Items(await cluster.GetAsync(Types.Service, "volsync-sonarr-primary-api"), "spec.ports").Single(), "port"));
        Assert.Equal("1Gi", Text(await cluster.GetAsync(Types.PersistentVolumeClaim, "volsync-sonarr-primary-config"), "spec.resources.requests.storage"));
        var secret = await cluster.GetAsync(Types.Secret, "volsync-sonarr-primary");
        Assert.Equal(["apikey", "httpsCertPEM", "httpsKeyPEM", "password", "username"], secret["data"]!.AsObject().Select(field => field.Key).Order());
        Assert.Contains("Normal DaemonConnected Connection established to local Syncthing API", await cluster.EventsAsync("sonarr-primary"));
        Assert.Empty(cluster.Inner.Host.Faults);
    }

    [Fact]
    public async Task It_comes_to_rest_and_puts_right_what_somebody_changed()
    {
        await using var cluster = await VolSyncCluster.StartAsync();
        await cluster.AddSourceAsync("sonarr-primary", """{"sourcePVC":"pvc-sonarr","paused":true,"syncthing":{}}""");
        await cluster.StatusAsync("sonarr-primary", status => Text(status, "syncthing.ID").Length > 0, "it runs, though it is paused");
        var before = await RestAsync(cluster);
        cluster.Inner.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(before, await RestAsync(cluster));

        await cluster.PatchAsync(Types.Deployment, "volsync-sonarr-primary", """{"spec":{"replicas":0}}""");
        await Cluster.UntilAsync(async () => Number(await cluster.GetAsync(Types.Deployment, "volsync-sonarr-primary"), "spec.replicas") == 1, "one again");
    }

    [Fact]
    public async Task Peers_are_connected_as_long_as_IDs_addresses_and_pods_are_right()
    {
        await using var cluster = await VolSyncCluster.StartAsync();
        await JoinAsync(cluster);
        await ConnectedAsync(cluster, true);
        var peer = Items((await cluster.GetAsync(Types.ReplicationSource, "sonarr-primary"))["status"], "syncthing.peers").Single();
        Assert.Equal((BackupId, "volsync-sonarr-backup-0"), (Text(peer, "ID"), Text(peer, "name")));
        Assert.StartsWith("tcp://10.", Text(peer, "address"), StringComparison.Ordinal);

        await TestWorkloads.KillAsync(cluster.Inner, "media", "volsync-sonarr-backup");
        await cluster.StatusAsync("sonarr-backup", status => VolSyncCluster.Reason(status) == "Error" && VolSyncCluster.Message(status).Contains("connection refused", StringComparison.Ordinal), "nobody answers");
        await ConnectedAsync(cluster, false);
        await cluster.PatchAsync(Types.Deployment, "volsync-sonarr-backup", """{"metadata":{"annotations":{"again":"1"}}}""");
        await ConnectedAsync(cluster, true);

        // A Service that is made anew has another address.
        await cluster.Inner.Client.DeleteAsync(Types.Service, "media", "volsync-sonarr-backup-data", new DeleteRequest(), Cluster.Stop);
        await ConnectedAsync(cluster, false);
        var former = Text(peer, "address");
        Assert.NotEqual(former, await AddressAsync(cluster, "sonarr-backup"));

        // VolSync hands on peers whose IDs are new, and a device of the same ID is none: the address stays what it was, whatever the spec says.
        await PeerAsync(cluster, "sonarr-primary", "sonarr-backup");
        await RestAsync(cluster);
        await ConnectedAsync(cluster, false);
        await cluster.PatchAsync(Types.ReplicationSource, "sonarr-primary", """{"spec":{"syncthing":{"peers":[]}}}""");
        await cluster.StatusAsync("sonarr-primary", status => !Items(status, "syncthing.peers").Any(), "it has no peer");
        await PeerAsync(cluster, "sonarr-primary", "sonarr-backup");
        await ConnectedAsync(cluster, true);

        // Another one that comes lets all of them be made anew, and what has been paused go on.
        cluster.World.Syncthing.Change(new("media", "sonarr-primary"), (device, _) => device.Link(BackupId).IsPaused = true);
        await ConnectedAsync(cluster, false);
        await PeerAsync(cluster, "sonarr-primary", "sonarr-backup", SyncthingIdentity.Of(1, "media", "elsewhere"));
        await ConnectedAsync(cluster, true);

        cluster.World.CutOff(new("media", "sonarr-backup"), isOn: true);
        await ConnectedAsync(cluster, false);
        cluster.World.CutOff(new("media", "sonarr-backup"), isOn: false);
        await ConnectedAsync(cluster, true);
    }

    [Fact]
    public async Task Peers_follow_their_pods_also_while_VolSync_gets_no_further()
    {
        await using var cluster = await VolSyncCluster.StartAsync();
        await JoinAsync(cluster);
        await ConnectedAsync(cluster, true);
        await cluster.AddUserAsync("waiting", "pvc-sonarr-backup", null);
        await cluster.StatusAsync("sonarr-backup", status => VolSyncCluster.Message(status) == "Node \"\" not found", "a pod without a node is in the way");

        await TestWorkloads.KillAsync(cluster.Inner, "media", "volsync-sonarr-backup");
        await ConnectedAsync(cluster, false);
        await cluster.PatchAsync(Types.Deployment, "volsync-sonarr-backup", """{"metadata":{"annotations":{"again":"1"}}}""");
        await ConnectedAsync(cluster, true);
        Assert.Equal("Error", VolSyncCluster.Reason((JsonObject)(await cluster.GetAsync(Types.ReplicationSource, "sonarr-backup"))["status"]!));
    }

    [Fact]
    public async Task A_source_without_its_volume_says_so_and_goes_on_when_it_is_there()
    {
        await using var cluster = await VolSyncCluster.StartAsync();
        await cluster.AddSourceAsync("radarr", """{"sourcePVC":"pvc-radarr","syncthing":{}}""");
        await cluster.StatusAsync("radarr", status => VolSyncCluster.Message(status) == "PersistentVolumeClaim \"pvc-radarr\" not found", "it says what is missing");
        await cluster.AddAsync(Types.PersistentVolumeClaim, """{"metadata":{"name":"pvc-radarr","namespace":"media"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"5Gi"}}}}""");
        await cluster.StatusAsync("radarr", status => VolSyncCluster.Reason(status) == "SyncInProgress", "it goes on");
    }

    [Fact]
    public async Task Movers_run_where_the_application_does()
    {
        await using var cluster = await VolSyncCluster.StartAsync();
        await cluster.AddUserAsync("sonarr-1", "pvc-sonarr", "k3s-w2");
        await cluster.AddSourceAsync("sonarr-primary", """{"sourcePVC":"pvc-sonarr","syncthing":{}}""");
        await Cluster.UntilAsync(async () => await cluster.Inner.Client.FindObjectAsync(Types.Deployment, "media", "volsync-sonarr-primary", Cluster.Stop) is { } deployment && (string?)deployment["spec"]!["template"]!["spec"]!["nodeSelector"]?["kubernetes.io/hostname"] == "k3s-w2", "the mover goes to k3s-w2");

        await cluster.AddUserAsync("waiting", "pvc-sonarr-backup", null);
        await cluster.AddSourceAsync("sonarr-backup", """{"sourcePVC":"pvc-sonarr-backup","syncthing":{}}""");
        await cluster.StatusAsync("sonarr-backup", status => VolSyncCluster.Message(status) == "Node \"\" not found", "a pod without a node is in the way");
    }

    // It is the same mover whichever of both comes first, as long as it is known that both will come.
    [Fact]
    public async Task The_first_mover_waits_for_an_application_that_is_about_to_come()
    {
        await using var cluster = await VolSyncCluster.StartAsync(new() { IsAwaited = (space, claim) => (space, claim) == ("media", "pvc-sonarr") });
        await cluster.AddSourceAsync("sonarr-primary", """{"sourcePVC":"pvc-sonarr","syncthing":{}}""");
        await cluster.AddSourceAsync("sonarr-backup", """{"sourcePVC":"pvc-sonarr-backup","syncthing":{}}""");
        await cluster.StatusAsync("sonarr-backup", status => Text(status, "syncthing.ID").Length > 0, "the other one waits for nobody");
        await cluster.StatusAsync("sonarr-primary", status => VolSyncCluster.Reason(status) == "SyncInProgress", "it is under way");
        await cluster.AddUserAsync("sonarr-0", "pvc-sonarr", null);

        // That it has no node would be told within this.
        await Task.Delay(TimeSpan.FromSeconds(1), Cluster.Stop);
        Assert.Equal("SyncInProgress", VolSyncCluster.Reason((JsonObject)(await cluster.GetAsync(Types.ReplicationSource, "sonarr-primary"))["status"]!));
        Assert.Null(await cluster.Inner.Client.FindObjectAsync(Types.Deployment, "media", "volsync-sonarr-primary", Cluster.Stop));

        await cluster.AddUserAsync("sonarr-1", "pvc-sonarr", "k3s-w2");
        await cluster.StatusAsync("sonarr-primary", status => Text(status, "syncthing.ID").Length > 0, "it runs");
        var deployment = await cluster.GetAsync(Types.Deployment, "volsync-sonarr-primary");
        Assert.Equal(("k3s-w2", 1), ((string?)deployment["spec"]!["template"]!["spec"]!["nodeSelector"]!["kubernetes.io/hostname"], Number(deployment, "metadata.generation")));

        // Later it waits no more: the application may be stopped.
        await cluster.Inner.Client.DeleteAsync(ResourceType.Pod, "media", "sonarr-0", new DeleteRequest { GracePeriodSeconds = 0 }, Cluster.Stop);
        await cluster.Inner.Client.DeleteAsync(ResourceType.Pod, "media", "sonarr-1", new DeleteRequest { GracePeriodSeconds = 0 }, Cluster.Stop);
        await cluster.Inner.Client.DeleteAsync(Types.Deployment, "media", "volsync-sonarr-primary", new DeleteRequest(), Cluster.Stop);
        await Cluster.UntilAsync(async () => await cluster.Inner.Client.FindObjectAsync(Types.Deployment, "media", "volsync-sonarr-primary", Cluster.Stop) is { } again && At(again, "spec.template.spec.nodeSelector") is null, "it is made again, for any node");
    }

    [Fact]
    public async Task Privileged_movers_come_with_the_annotation_of_the_namespace_and_others_complain()
    {
        await using var cluster = await VolSyncCluster.StartAsync();
        cluster.World.FailMover(new("media", "sonarr-primary"), Sandbox.Controllers.VolSync.MoverFault.PermissionDenied);
        await cluster.AddSourceAsync("sonarr-primary", """{"sourcePVC":"pvc-sonarr","syncthing":{}}""");
        await cluster.StatusAsync("sonarr-primary", status => Text(status, "syncthing.ID").Length > 0, "it runs");
        Assert.Contains(await LogAsync(cluster), line => line.Contains("operation not permitted", StringComparison.Ordinal));

        await cluster.PatchAsync(ResourceType.Namespace, "media", """{"metadata":{"annotations":{"volsync.backube/privileged-movers":"true"}}}""");
        await Cluster.UntilAsync(async () => Number(Items(await cluster.GetAsync(Types.Deployment, "volsync-sonarr-primary"), "spec.template.spec.containers").Single(), "securityContext.runAsUser") == 0 && Items(Items(await cluster.GetAsync(Types.Deployment, "volsync-sonarr-primary"), "spec.template.spec.containers").Single(), "env").Any(item => Text(item, "name") == "PRIVILEGED_MOVER" && Text(item, "value") == "1"), "it is privileged");
        await TestWorkloads.KillAsync(cluster.Inner, "media", "volsync-sonarr-primary");
        await cluster.PatchAsync(Types.Deployment, "volsync-sonarr-primary", """{"metadata":{"annotations":{"again":"1"}}}""");
        await Cluster.UntilAsync(async () => !(await LogAsync(cluster)).Any(line => line.Contains("operation not permitted", StringComparison.Ordinal)), "nobody complains");
    }

    private static async Task<string[]> LogAsync(VolSyncCluster cluster)
    {
        var pod = await cluster.Inner.Client.FindObjectAsync(ResourceType.Pod, "media", "volsync-sonarr-primary-0", Cluster.Stop);
        return pod is not null && cluster.Behavior.TryGet(pod, "syncthing", out var behavior) ? [.. behavior.Lines] : ["operation not permitted"];
    }

    private static async Task<string> RestAsync(VolSyncCluster cluster)
    {
        await Cluster.UntilAsync(() => Task.FromResult(cluster.Inner.Host.IsIdle), "it comes to rest");
        await Task.Delay(300, Cluster.Stop);
        await Cluster.UntilAsync(() => Task.FromResult(cluster.Inner.Host.IsIdle), "it comes to rest");
        var source = await cluster.GetAsync(Types.ReplicationSource, "sonarr-primary");
        var deployment = await cluster.GetAsync(Types.Deployment, "volsync-sonarr-primary");
        return $"{Text(source, "metadata.resourceVersion")}/{Text(deployment, "metadata.resourceVersion")}";
    }

    private static async Task JoinAsync(VolSyncCluster cluster)
    {
        await cluster.AddSourceAsync("sonarr-primary", """{"sourcePVC":"pvc-sonarr","syncthing":{}}""");
        await cluster.AddSourceAsync("sonarr-backup", """{"sourcePVC":"pvc-sonarr-backup","syncthing":{}}""");
        await PeerAsync(cluster, "sonarr-primary", "sonarr-backup");
        await PeerAsync(cluster, "sonarr-backup", "sonarr-primary");
    }

    private static async Task PeerAsync(VolSyncCluster cluster, string source, string partner, string? other = null)
    {
        var more = other is null ? "" : $$""",{"ID":"{{other}}","address":"tcp://192.0.2.1:22000","introducer":false}""";
        await cluster.PatchAsync(Types.ReplicationSource, source, $$$"""{"spec":{"syncthing":{"peers":[{"ID":"{{{SyncthingIdentity.Of(1, "media", partner)}}}","address":"{{{await AddressAsync(cluster, partner)}}}","introducer":false}{{{more}}}]} } }""");
    }

    private static async Task<string> AddressAsync(VolSyncCluster cluster, string source)
    {
        var address = "";
        await Cluster.UntilAsync(async () => (address = Text(await cluster.Inner.Client.FindObjectAsync(Types.Service, "media", $"volsync-{source}-data", Cluster.Stop), "spec.clusterIP")).Length > 0, "it has an address");
        return $"tcp://{address}:22000";
    }

    private static async Task ConnectedAsync(VolSyncCluster cluster, bool isConnected) => await cluster.StatusAsync(
        "sonarr-primary",
        status => Items(status, "syncthing.peers").Any(peer => (bool)peer["connected"]! == isConnected),
        isConnected ? "they are connected" : "they are not connected");
}
