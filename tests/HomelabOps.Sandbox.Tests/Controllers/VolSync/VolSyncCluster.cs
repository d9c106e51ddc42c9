using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.VolSync;

/// <summary>A cluster in which VolSync runs, with a namespace, two nodes and volumes.</summary>
internal sealed class VolSyncCluster : IAsyncDisposable
{
    public const string Namespace = "media";

    private readonly BehaviorRuntime _runtime = new();

    private VolSyncCluster(VolSyncOptions? options)
    {
        Inner = new(options => options with { NodeRuntime = _runtime });
        World = new(Inner.Clock, Inner.Host.Seed);
        (Server, Behavior) = VolSyncControllers.AddTo(Inner.Host, World, options);
        _runtime.Behavior = Behavior;
        Inner.Host.Add(new TestWorkloads(Inner.Host, Behavior));
    }

    public Cluster Inner { get; }

    public ReplicationWorld World { get; }

    public SyncthingServer Server { get; }

    public MoverBehavior Behavior { get; }

    public static async Task<VolSyncCluster> StartAsync(VolSyncOptions? options = null)
    {
        var cluster = new VolSyncCluster(options);
        await CustomKinds.InstallAsync(cluster.Inner.Client, "volsync.backube");
        await cluster.AddAsync(ResourceType.Namespace, """{"metadata":{"name":"media"}}""");
        foreach (var node in (string[])["k3s-w1", "k3s-w2"])
        {
            await cluster.AddAsync(ResourceType.Node, $$$"""{"metadata":{"name":"{{{node}}}","labels":{"kubernetes.io/hostname":"{{{node}}}"} } }""");
        }

        foreach (var claim in (string[])["pvc-sonarr", "pvc-sonarr-backup"])
        {
            await cluster.AddAsync(Types.PersistentVolumeClaim, $$$"""{"metadata":{"name":"{{{claim}}}","namespace":"media"},"spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"","resources":{"requests":{"storage":"5Gi"} } } }""");
        }

        await cluster.Inner.Host.StartAsync(Cluster.Stop);
        return cluster;
    }

    public Task<JsonObject> AddAsync(ResourceType type, string json)
    {
        var item = JsonNode.Parse(json)!.AsObject();
        (item["apiVersion"], item["kind"]) = (type.ApiVersion, type.Kind);
        return Inner.Client.CreateAsync(type, (string?)item["metadata"]!["namespace"], item, Cluster.Stop);
    }

    /// <summary>A pod of an application that uses a claim and runs on a node.</summary>
    public async Task AddUserAsync(string name, string claim, string? node)
    {
        var where = node is null ? "" : $"\"nodeName\":\"{node}\",";
        await AddAsync(ResourceType.Pod, $$$"""{"metadata":{"name":"{{{name}}}","namespace":"media"},"spec":{ {{{where}}} "containers":[{"name":"app","image":"app:1"}],"volumes":[{"name":"data","persistentVolumeClaim":{"claimName":"{{{claim}}}"} }] } }""");
        if (node is not null)
        {
            await PatchStatusAsync(ResourceType.Pod, name, """{"status":{"phase":"Running"}}""");
        }
    }

    public Task AddSourceAsync(string name, string spec) => AddAsync(Types.ReplicationSource, $$$"""{"metadata":{"name":"{{{name}}}","namespace":"media"},"spec":{{{spec}}} }""");

    public Task PatchAsync(ResourceType type, string name, string patch) =>
        Inner.Client.PatchAsync(type, type == ResourceType.Namespace ? null : Namespace, name, PatchKind.Merge, JsonNode.Parse(patch)!, Cluster.Stop);

    public Task PatchStatusAsync(ResourceType type, string name, string patch) =>
        Inner.Client.PatchAsync(type, Namespace, name, PatchKind.Merge, JsonNode.Parse(patch)!, Cluster.Stop, new WriteOptions { Subresource = "status" });

    public async Task<JsonObject> GetAsync(ResourceType type, string name) =>
        await Inner.Client.FindObjectAsync(type, Namespace, name, Cluster.Stop) ?? throw new InvalidOperationException($"{type.Kind} {name} is not there");

    /// <summary>The status of a source once it is as expected.</summary>
    public async Task<JsonObject> StatusAsync(string name, Func<JsonObject, bool> holds, string what, ResourceType? type = null)
    {
        JsonObject status = [];
        try
        {
            await Cluster.UntilAsync(async () => holds(status = (await GetAsync(type ?? Types.ReplicationSource, name))["status"] as JsonObject ?? []), what);
        }
        catch (Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{what}: {status.ToJsonString()} {string.Join('\n', Inner.Host.Faults)}");
        }

        return status;
    }

    public static string Reason(JsonObject status) => Items(status, "conditions").Where(condition => Text(condition, "type") == "Synchronizing").Select(condition => Text(condition, "reason")).FirstOrDefault("");

    public static string Message(JsonObject status) => Items(status, "conditions").Select(condition => Text(condition, "message")).FirstOrDefault("");

    /// <summary>Lets time pass until something holds: a Job comes to its end.</summary>
    public async Task<JsonObject> PassAsync(string name, Func<JsonObject, bool> holds, string what, ResourceType? type = null)
    {
        Inner.Clock.Rate = 200;
        var status = await StatusAsync(name, holds, what, type);
        Inner.Clock.Rate = 1;
        return status;
    }

    public async Task<List<string>> EventsAsync(string name)
    {
        var events = new List<string>();
        await foreach (var item in Inner.Client.ListAsync(ResourceType.Event, new ListQuery { Namespace = Namespace }, ObjectNodeContext.Default.ObjectNode, cancellationToken: Cluster.Stop))
        {
            if (Text(item.Json, "involvedObject.name") == name)
            {
                events.Add($"{Text(item.Json, "type")} {Text(item.Json, "reason")} {Text(item.Json, "message")}");
            }
        }

        return events;
    }

    public async ValueTask DisposeAsync()
    {
        await Inner.DisposeAsync();
        Server.Dispose();
        World.Dispose();
    }
}
