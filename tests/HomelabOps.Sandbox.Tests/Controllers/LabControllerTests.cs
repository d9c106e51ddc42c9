using System.Text.Json.Nodes;
using HomelabOps.Cluster.Tests;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Clock;
using HomelabOps.Sandbox.Controllers.MetalLB;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync;
using HomelabOps.Sandbox.Homelab;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers;

/// <summary>The controllers that a real cluster lacks, on a real one.</summary>
public sealed class LabControllerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task VolSync_and_MetalLB_work_on_a_real_API_server()
    {
        using var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([Lab.KubeConfig]), null));
        using var @namespace = new LabNamespace();
        var name = @namespace.Name;
        var only = new HashSet<string>(StringComparer.Ordinal) { name };
        var clock = new SandboxClock();
        await using var host = new ControllerHost(client, clock);
        using var world = new ReplicationWorld(clock, host.Seed);
        var (server, _) = VolSyncControllers.AddTo(host, world, new() { Namespaces = only, Image = "docker.io/library/busybox:1.36", Command = ["sleep", "3600"] });
        using var listening = server;
        MetalLBControllers.AddTo(host, new() { Namespace = name, Namespaces = only });
        string[] volumes = [$"{name}-data", $"{name}-config"];
        try
        {
            await VolumeAsync(client, volumes[0], name, "pvc-sonarr");
            await VolumeAsync(client, volumes[1], name, "volsync-sonarr-config");
            await host.StartAsync(Cluster.Stop);
            await AddAsync(client, Types.PersistentVolumeClaim, $$$"""{"metadata":{"name":"pvc-sonarr","namespace":"{{{name}}}"},"spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"","resources":{"requests":{"storage":"1Gi"} } } }""");
            await AddAsync(client, Types.ReplicationSource, $$$"""{"metadata":{"name":"sonarr","namespace":"{{{name}}}"},"spec":{"sourcePVC":"pvc-sonarr","syncthing":{"serviceType":"ClusterIP"} } }""");
            await AddAsync(client, Types.IpAddressPool, $$$"""{"metadata":{"name":"home","namespace":"{{{name}}}"},"spec":{"addresses":["192.0.2.10-192.0.2.20"]} }""");
            await AddAsync(client, Types.Service, $$$"""{"metadata":{"name":"plex","namespace":"{{{name}}}"},"spec":{"type":"LoadBalancer","ports":[{"port":32400}]} }""");
            await AddAsync(client, Types.Secret, $$$"""{"metadata":{"name":"metallb-webhook-cert","namespace":"{{{name}}}"},"type":"Opaque"}""");
            await AddAsync(client, Types.Deployment, $$$"""{"metadata":{"name":"controller","namespace":"{{{name}}}","labels":{"app":"metallb","component":"controller"} },"spec":{"selector":{"matchLabels":{"app":"metallb"} },"template":{"metadata":{"labels":{"app":"metallb"} },"spec":{"containers":[{"name":"controller","image":"docker.io/library/busybox:1.36","command":["sleep","3600"]}]} } } }""");

            await UntilAsync(client, Types.Service, name, "plex", item => Items(item, "status.loadBalancer.ingress").Any(ingress => Text(ingress, "ip") == "192.0.2.10"));
            await UntilAsync(client, Types.Secret, name, "metallb-webhook-cert", item => item["data"]?["tls.crt"] is not null && item["data"]?["ca.key"] is not null);
            await UntilAsync(client, Types.ReplicationSource, name, "sonarr", item => Text(item, "status.syncthing.ID") == SyncthingIdentity.Of(host.Seed, name, "sonarr") && Text(item, "status.syncthing.address").EndsWith(":22000", StringComparison.Ordinal));

            // What is right on a real server, with all that it adds, is not written again.
            var before = Text(await client.FindObjectAsync(Types.Deployment, name, "volsync-sonarr", Cluster.Stop), "metadata.generation");
            clock.Advance(TimeSpan.FromMinutes(2));
            await Cluster.UntilAsync(() => Task.FromResult(host.IsIdle), "it comes to rest");
            Assert.Equal(before, Text(await client.FindObjectAsync(Types.Deployment, name, "volsync-sonarr", Cluster.Stop), "metadata.generation"));
            Assert.Empty(host.Faults);
        }
        finally
        {
            foreach (var volume in volumes)
            {
                await client.DeleteAsync(Types.PersistentVolume, null, volume, new DeleteRequest(), CancellationToken.None);
            }
        }
    }

    internal static Task<JsonObject> AddAsync(ClusterClient client, ResourceType type, string json)
    {
        var item = JsonNode.Parse(json)!.AsObject();
        (item["apiVersion"], item["kind"]) = (type.ApiVersion, type.Kind);
        return client.CreateAsync(type, (string?)item["metadata"]!["namespace"], item, Cluster.Stop);
    }

    internal static Task<JsonObject> VolumeAsync(ClusterClient client, string name, string @namespace, string claim) => AddAsync(
        client,
        Types.PersistentVolume,
        $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"storageClassName":"","hostPath":{"path":"/srv/{{{name}}}","type":"DirectoryOrCreate"},"claimRef":{"namespace":"{{{@namespace}}}","name":"{{{claim}}}"} } }""");

    internal static async Task UntilAsync(ClusterClient client, ResourceType type, string @namespace, string name, Func<JsonObject, bool> holds)
    {
        using var limit = new CancellationTokenSource(Patience);
        JsonObject? item = null;
        while ((item = await client.FindObjectAsync(type, @namespace, name, Cluster.Stop)) is null || !holds(item))
        {
            Assert.False(limit.IsCancellationRequested, $"{type.Kind} {name} never came to what it ought to be: {item?.ToJsonString()}");
            await Task.Delay(200, Cluster.Stop);
        }
    }
}
