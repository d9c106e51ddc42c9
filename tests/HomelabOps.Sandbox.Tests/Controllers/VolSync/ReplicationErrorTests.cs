using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Replication.Syncthing.Wire;
using HomelabOps.Core.Streaming;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Tests.Faults;

namespace HomelabOps.Sandbox.Tests.Controllers.VolSync;

/// <summary>What goes wrong with replications, and how it is called.</summary>
public sealed class ReplicationErrorTests : IClassFixture<FaultyHomelab>, IDisposable
{
    private readonly FaultyHomelab _homelab;
    private readonly ClusterClient _client;
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-journal-").FullName;

    public ReplicationErrorTests(FaultyHomelab homelab)
    {
        _homelab = homelab;
        _client = new(ClusterEndpoint.Resolve(KubeConfig.Load([homelab.Homelab.KubeConfigPath]), null));
    }

    private ChangeJournal Journal => new(_folder);

    public void Dispose()
    {
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_Syncthing_without_its_peer_is_not_waited_for()
    {
        await _homelab.UntilWellAsync();
        await using var fault = await _homelab.Faults.SwitchOnAsync("SyncPeerGone", "sonarr-backup", Cluster.Stop);
        await _homelab.UntilAsync(async () => (await ReadAsync("sonarr-primary")).State == ReplicationState.Disconnected, "it is gone", TimeSpan.FromSeconds(20));
        Assert.Equal("ReplicationFailed", await StartAsync(await ReadAsync("sonarr-primary")));
        await fault.SwitchOffAsync(Cluster.Stop);
        await _homelab.UntilWellAsync();
    }

    [Fact]
    public async Task What_is_not_there_any_more_cannot_be_started()
    {
        var error = await Assert.ThrowsAsync<HomelabException>(() => StartAsync(new() { Cluster = _client.Name, Kind = "ReplicationSource", Namespace = "media", Name = "gone", Method = "restic" }));
        Assert.Equal("ReplicationGone", error.Id);
    }

    [Fact]
    public async Task A_trigger_that_cannot_be_taken_away_is_told()
    {
        var endpoint = ClusterEndpoint.Resolve(KubeConfig.Load([_homelab.Homelab.KubeConfigPath]), null);
        using var nobody = new ClusterClient(new ClusterEndpoint
        {
            Name = endpoint.Name,
            Context = endpoint.Context,
            Server = endpoint.Server,
            Namespace = endpoint.Namespace,
            Credentials = endpoint.Credentials,
            Impersonation = new Impersonation("nobody", null, [], new Dictionary<string, IReadOnlyList<string>>()),
        });
        var reference = new ResourceReference(nobody.Name, "ReplicationSource", "media", "sonarr-primary");
        var trigger = new ReplicationTrigger(nobody, Types.ReplicationSource, reference, [], unlocks: false, Journal);
        Assert.Equal("ReplicationTriggerLeft", (await trigger.PutBackAsync())?.Id);
    }

    [Fact]
    public async Task An_unlocking_goes_with_its_run_and_never_comes_back()
    {
        var source = _homelab.All(Types.ReplicationSource).First(item => item["spec"]!["restic"] is not null);
        var reference = new ResourceReference(_client.Name, "ReplicationSource", (string)source["metadata"]!["namespace"]!, (string)source["metadata"]!["name"]!);
        async Task<string?> LeftAsync(string? former, bool isRunning)
        {
            var before = new JsonObject { ["spec"] = new JsonObject { ["trigger"] = source["spec"]!["trigger"]?.DeepClone(), ["restic"] = new JsonObject { ["unlock"] = former } } };
            await _client.PatchAsync(Types.ReplicationSource, reference.Namespace, reference.Name, PatchKind.Merge, new JsonObject { ["spec"] = new JsonObject { ["restic"] = new JsonObject { ["unlock"] = "homelabops-now" } } }, Cluster.Stop);
            Assert.Null(await new ReplicationTrigger(_client, Types.ReplicationSource, reference, before, unlocks: true, Journal).PutBackAsync(isRunning));
            return (string?)(await _client.FindObjectAsync(Types.ReplicationSource, reference.Namespace, reference.Name, Cluster.Stop))!["spec"]!["restic"]!["unlock"];
        }

        Assert.Equal("homelabops-now", await LeftAsync(null, isRunning: true));
        Assert.Null(await LeftAsync("homelabops-before", isRunning: false));
        Assert.Equal("mine", await LeftAsync("mine", isRunning: false));
        Assert.Null(await LeftAsync(null, isRunning: false));
    }

    [Fact]
    public async Task A_Syncthing_that_cannot_be_asked_says_why()
    {
        var (primary, backup) = (await TargetAsync("sonarr-primary"), await TargetAsync("sonarr-backup"));
        Assert.Equal("SyncthingRefused", (await Assert.ThrowsAsync<HomelabException>(() => AskAsync(backup with { Pods = primary.Pods }))).Id);

        // An application has nothing on that port.
        var other = _homelab.All(ResourceType.Pod).First(pod => (string?)pod["metadata"]!["labels"]?["app"] == "sonarr");
        var pod = new HomelabPod { Cluster = _client.Name, Kind = "Pod", Namespace = "media", Name = (string)other["metadata"]!["name"]!, Ready = true };
        var error = await Assert.ThrowsAsync<HomelabException>(() => AskAsync(primary with { Pods = [pod] }));
        Assert.Equal("SyncthingUnreachable", error.Id);
        Assert.Equal("SyncthingKeyUnknown", (await Assert.ThrowsAsync<HomelabException>(() => AskAsync(new(pod.Reference, "sonarr", SyncthingRole.Source, [pod])))).Id);
    }

    [Fact]
    public async Task What_nobody_would_start_again_is_not_deleted()
    {
        var target = await TargetAsync("sonarr-primary");
        Assert.Equal("SyncthingBare", Assert.Throws<HomelabException>(() => SyncthingRestarter.Check(target with { Pods = [target.Pods[0] with { Owner = null }] })).Id);
        Assert.Equal("SyncthingNotRunning", Assert.Throws<HomelabException>(() => SyncthingRestarter.Check(target with { Pods = [] })).Id);
    }

    [Fact]
    public async Task New_pods_that_are_not_ready_in_time_are_an_error_beside_what_was_done()
    {
        await _homelab.UntilWellAsync();
        var target = await TargetAsync("sonarr-backup");

        // Else one may be ready at once.
        await CordonAsync(true);
        try
        {
            var (restart, failure) = await SyncthingRestarter.RestartAsync(_client, target, TimeSpan.Zero, Journal, Cluster.Stop);
            Assert.Equal(("SyncthingRestartTimeout", 1, 0, false), (failure?.Id, restart.PodsDeleted.Count, restart.PodsReady.Count, restart.Healthy));
        }
        finally
        {
            await CordonAsync(false);
        }

        await _homelab.UntilWellAsync();
    }

    private async Task CordonAsync(bool isCordoned)
    {
        foreach (var node in _homelab.All(ResourceType.Node).ToList())
        {
            await _client.PatchAsync(ResourceType.Node, null, (string)node["metadata"]!["name"]!, PatchKind.Merge, new JsonObject { ["spec"] = new JsonObject { ["unschedulable"] = isCordoned } }, Cluster.Stop);
        }
    }

    private async Task AskAsync(SyncthingTarget target)
    {
        using var api = new SyncthingApi(_client, target, await SyncthingKey.ReadAsync(_client, target, Cluster.Stop));
        await api.GetAsync("rest/system/status", SyncthingWireContext.Default.SystemStatusWire, Cluster.Stop);
    }

    private async Task<string?> StartAsync(ReplicationStatus target)
    {
        string? id = null;
        await foreach (var item in ReplicationStarter.StartAsync(_client, target, new() { Timeout = TimeSpan.FromSeconds(60) }, Journal, Cluster.Stop))
        {
            id = (item.Notice as FailureNotice)?.Error.Id ?? id;
        }

        return id;
    }

    private async Task<SyncthingTarget> TargetAsync(string name) =>
        Assert.Single((await SyncthingTargets.FindAsync(_client, new() { Objects = new() { Names = [new(name)] } }, Cluster.Stop)).Targets);

    private async Task<ReplicationStatus> ReadAsync(string name)
    {
        await foreach (var item in ReplicationReader.ReadAsync(_client, new() { Objects = new() { Names = [new(name)] } }, Cluster.Stop))
        {
            return item.Value!;
        }

        throw new InvalidOperationException(name);
    }
}
