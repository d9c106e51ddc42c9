using System.Text.Json.Nodes;
using HomelabOps.Cluster.Tests;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Clock;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync;
using HomelabOps.Sandbox.Homelab;
using HomelabOps.Sandbox.Tests.Controllers.Flux;
using HomelabOps.Sandbox.Tests.Controllers.VolSync;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>VolSync's operator for one namespace of the lab, where the Syncthings of both nodes are real and have their own volumes.</summary>
internal sealed class LabReplication : IAsyncDisposable
{
    private readonly ClusterClient _client = new(ClusterEndpoint.Resolve(KubeConfig.Load([Lab.KubeConfig]), null));
    private readonly ControllerHost _host;
    private readonly ReplicationWorld _world;
    private readonly SyncthingServer _server;
    private readonly string _space;

    private LabReplication(string space)
    {
        var clock = new SandboxClock();
        (_space, _host) = (space, new(_client, clock));
        _world = new(clock, _host.Seed);
        (_server, _) = VolSyncControllers.AddTo(_host, _world, new() { Namespaces = new HashSet<string>(StringComparer.Ordinal) { space }, Image = "localhost/mover-syncthing:1", Syncthings = new PodSyncthings() });
    }

    public static async Task<LabReplication> StartAsync(string space)
    {
        var result = new LabReplication(space);
        foreach (var role in new[] { "primary", "backup" })
        {
            await FluxCluster.ApplyAsync(result._client, LabApp.Volume($"{space}-{role}-config", role, $"/srv/{space}/config", space, $"volsync-sonarr-{role}-config"));
        }

        await result._host.StartAsync(Controllers.Cluster.Stop);
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var role in new[] { "primary", "backup" })
        {
            await _client.DeleteAsync(Types.PersistentVolume, null, $"{_space}-{role}-config", new DeleteRequest(), CancellationToken.None);
        }

        await _host.DisposeAsync();
        _server.Dispose();
        _world.Dispose();
        _client.Dispose();
    }

    /// <summary>Both ReplicationSources, as they are before the Syncthings have said who they are.</summary>
    public string Apart() => Source("primary", "pvc-sonarr", "") + Source("backup", "pvc-sonarr-backup", "");

    /// <summary>Both ReplicationSources, each with the ID and the address that the other one has.</summary>
    public async Task<string> TogetherAsync() => Source("primary", "pvc-sonarr", await PeerAsync("backup")) + Source("backup", "pvc-sonarr-backup", await PeerAsync("primary"));

    /// <summary>Gives the Syncthing of a role another peer beside those that it has, or takes it away, and waits until VolSync has told it.</summary>
    public async Task ShareAsync(string role, bool isOn)
    {
        var (name, other) = ($"sonarr-{role}", SyncthingIdentity.Of(9, _space, "elsewhere"));
        var present = (await _client.FindObjectAsync(Types.ReplicationSource, _space, name, Controllers.Cluster.Stop))!["spec"]!["syncthing"]!["peers"] as JsonArray ?? [];
        var peers = new JsonArray([.. present.Where(peer => Text(peer, "ID") != other).Select(peer => peer!.DeepClone())]);
        if (isOn)
        {
            peers.Add(new JsonObject { ["ID"] = other, ["address"] = "tcp://192.0.2.1:22000", ["introducer"] = false });
        }

        await _client.PatchAsync(Types.ReplicationSource, _space, name, PatchKind.Merge, new JsonObject { ["spec"] = new JsonObject { ["syncthing"] = new JsonObject { ["peers"] = peers } } }, Controllers.Cluster.Stop);
        await Controllers.Cluster.UntilAsync(
            async () => Items(await _client.FindObjectAsync(Types.ReplicationSource, _space, name, Controllers.Cluster.Stop), "status.syncthing.peers").Any(peer => Text(peer, "ID") == other) == isOn,
            $"{name} shares with another: {isOn}",
            TimeSpan.FromMinutes(2));
    }

    /// <summary>
    /// Waits until VolSync knows where the application is. It runs the Syncthing of a volume on the node of the pod that uses it, or wherever the volume
    /// is, and replaces its pod when that changes; one that looked in vain for the Syncthing of a dead node comes to it only some time after the node is back.
    /// </summary>
    public async Task FollowedAsync(string role)
    {
        foreach (var one in new[] { "primary", "backup" })
        {
            await Controllers.Cluster.UntilAsync(
                async () => await _client.FindObjectAsync(Types.Deployment, _space, $"volsync-sonarr-{one}", Controllers.Cluster.Stop) is { } mover
                    && At(mover, "spec.template.spec.nodeSelector") is not null == (one == role)
                    && Text(mover, "status.observedGeneration") == Text(mover, "metadata.generation")
                    && (Text(mover, "status.replicas"), Text(mover, "status.updatedReplicas"), Text(mover, "status.availableReplicas")) == ("1", "1", "1"),
                $"the Syncthing of {one} has followed the application to {role}",
                TimeSpan.FromMinutes(4));
        }
    }

    private async Task<string> PeerAsync(string role)
    {
        var (id, address) = ("", "");
        await Controllers.Cluster.UntilAsync(
            async () =>
            {
                var item = await _client.FindObjectAsync(Types.ReplicationSource, _space, $"sonarr-{role}", Controllers.Cluster.Stop);
                (id, address) = (Text(item, "status.syncthing.ID"), Text(item, "status.syncthing.address"));
                return id.Length > 0 && address.Length > 0;
            },
            $"the Syncthing of {role} says who it is; {string.Join('\n', _host.Faults)}",
            TimeSpan.FromMinutes(2));
        return $"    peers:\n      - ID: {id}\n        address: {address}\n        introducer: false\n";
    }

    private string Source(string role, string claim, string peers) => $"""
        ---
        apiVersion: volsync.backube/v1alpha1
        kind: ReplicationSource
        metadata:
          name: sonarr-{role}
          namespace: {_space}
        spec:
          sourcePVC: {claim}
          syncthing:
            serviceType: ClusterIP
        {peers}
        """;
}
