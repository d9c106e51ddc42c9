using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Reading;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.Nodes;

/// <summary>A cluster of two kubelets, w1 and w2, whose pods are bound by the tests themselves.</summary>
internal sealed class KubeletCluster : IAsyncDisposable
{
    private readonly Cluster _cluster;

    private KubeletCluster(Cluster cluster, NodeRuntime runtime, NodeWorld world) => (_cluster, Runtime, World) = (cluster, runtime, world);

    public NodeRuntime Runtime { get; }

    public NodeWorld World { get; }

    public ClusterClient Client => _cluster.Client;

    public ControllerHost Host => _cluster.Host;

    public Uri Url => _cluster.Server.Url;

    public string KubeConfigPath => _cluster.Server.KubeConfigPath;

    public static async Task<KubeletCluster> StartAsync(params SimulatedNode[] nodes)
    {
        NodeRuntime? runtime = null;
        var cluster = new Cluster(options => options with { NodeRuntime = runtime = new NodeRuntime(options.Clock) });
        var world = NodeControllers.AddTo(cluster.Host, runtime!, nodes.Length > 0 ? nodes : [Node("w1", 1), Node("w2", 2)]);
        await cluster.Host.StartAsync(Cluster.Stop);
        var result = new KubeletCluster(cluster, runtime!, world);
        await Cluster.UntilAsync(async () => (await result.ListAsync(ResourceType.Node)).Count == world.Nodes.Count, "the nodes are there");
        return result;
    }

    public static SimulatedNode Node(string name, int number) => new()
    {
        Name = name,
        Address = $"192.168.1.{30 + number}",
        PodCidr = $"10.42.{number}.0/24",
        Labels = new Dictionary<string, string> { ["role"] = name == "w1" ? "primary" : "backup" },
        Mounts = [new("/data/media", "192.168.1.10:/mnt/user/media")],
        Folders = ["/data/pods/sonarr"],
    };

    public void Advance(double seconds) => _cluster.Clock.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>A pod bound to w1 with one container.</summary>
    public static JsonObject Pod(string name, string image = "lscr.io/linuxserver/sonarr:4.0.14", string node = "w1") => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default", ["labels"] = new JsonObject { ["app"] = name } },
        ["spec"] = new JsonObject
        {
            ["nodeName"] = node,
            ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = image }),
        },
    };

    /// <summary>A pod whose container runs a script.</summary>
    public static JsonObject Script(string name, string script, string restart = "Never")
    {
        var pod = Pod(name, "busybox:1.36");
        pod["spec"]!["restartPolicy"] = restart;
        Container(pod)["command"] = new JsonArray("sh", "-c", script);
        return pod;
    }

    public static JsonObject Container(JsonObject pod) => pod["spec"]!["containers"]![0]!.AsObject();

    public async Task<JsonObject> CreateAsync(JsonObject item, ResourceType? type = null)
    {
        var used = type ?? ResourceType.Pod;
        item["apiVersion"] = used.ApiVersion;
        item["kind"] = used.Kind;
        return await Client.CreateAsync(used, (string?)item["metadata"]!["namespace"], item, Cluster.Stop);
    }

    public Task<JsonObject?> FindAsync(string name) => Client.FindObjectAsync(ResourceType.Pod, "default", name, Cluster.Stop);

    public Task DeleteAsync(string name, int? grace = null) => Client.DeleteAsync(ResourceType.Pod, "default", name, new DeleteRequest { GracePeriodSeconds = grace }, Cluster.Stop);

    /// <summary>Waits until a pod is like this, and gives it.</summary>
    public async Task<JsonObject> UntilAsync(string name, Func<JsonObject, bool> holds, string what)
    {
        JsonObject? pod = null;
        await Cluster.UntilAsync(async () => (pod = await FindAsync(name)) is not null && holds(pod), what + " of pod " + name);
        return pod!;
    }

    public Task<JsonObject> UntilReadyAsync(string name) => UntilAsync(name, IsReady, "Ready");

    public static bool IsReady(JsonObject pod) => Condition(pod, "Ready") == "True";

    public static string Condition(JsonObject item, string type) => Cells.Items(item, "status.conditions").Where(condition => Cells.Text(condition, "type") == type).Select(condition => Cells.Text(condition, "status")).FirstOrDefault("");

    /// <summary>The state of a pod's first container: running, terminated, or the reason for which it waits.</summary>
    public static string State(JsonObject pod)
    {
        var state = Cells.Items(pod, "status.containerStatuses").FirstOrDefault()?["state"] as JsonObject ?? [];
        return state.ContainsKey("waiting") ? Cells.Text(state, "waiting.reason") : state.Select(part => part.Key).FirstOrDefault("");
    }

    public static long Restarts(JsonObject pod) => Cells.Number(Cells.Items(pod, "status.containerStatuses").FirstOrDefault(), "restartCount");

    public async Task<List<JsonObject>> ListAsync(ResourceType type)
    {
        var items = new List<JsonObject>();
        await foreach (var found in Client.ListAsync(type, new ListQuery(), ObjectNodeContext.Default.ObjectNode, cancellationToken: Cluster.Stop))
        {
            items.Add(found.Json);
        }

        return items;
    }

    /// <summary>Waits for an event about an object whose message has this in it.</summary>
    public Task UntilEventAsync(string name, string reason, string message) => Cluster.UntilAsync(
        async () => (await ListAsync(ResourceType.Event)).Exists(found => Cells.Text(found, "involvedObject.name") == name && Cells.Text(found, "reason") == reason && Cells.Text(found, "message").Contains(message, StringComparison.Ordinal)),
        $"event {reason} about {name}: {message}");

    public async Task<string> GetTextAsync(string path)
    {
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(Url, path), Cluster.Stop);
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(Cluster.Stop)}";
    }

    public Task<string> LogAsync(string name, string query = "") => GetTextAsync($"api/v1/namespaces/default/pods/{name}/log?{query}");

    public async ValueTask DisposeAsync()
    {
        var faults = Host.Faults.ToArray();
        await _cluster.DisposeAsync();
        Runtime.Dispose();
        Assert.Empty(faults);
    }
}
