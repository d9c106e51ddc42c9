using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Yaml;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.Scheduling;
using HomelabOps.Sandbox.Controllers.Volumes;

namespace HomelabOps.Sandbox.Tests.Controllers;

/// <summary>A cluster with two nodes, the scheduler and the binder of volumes.</summary>
internal sealed class Placement : IAsyncDisposable
{
    private Placement()
    {
    }

    public Cluster Cluster { get; } = new();

    private ClusterClient Client => Cluster.Client;

    /// <param name="cpu">Processors of each node.</param>
    /// <param name="more">Manifests that are there before anything runs: the scheduler certainly knows them.</param>
    public static async Task<Placement> StartAsync(int cpu = 2, string more = "")
    {
        var result = new Placement();
        await result.AddNodeAsync("w1", cpu, "role: primary");
        await result.AddNodeAsync("w2", cpu, "role: backup");
        await result.ApplyAsync(more);
        VolumeControllers.AddTo(result.Cluster.Host);
        SchedulingControllers.AddTo(result.Cluster.Host);
        await result.Cluster.Host.StartAsync(Cluster.Stop);
        return result;
    }

    public async Task AddNodeAsync(string name, int cpu, string labels = "x: y")
    {
        await ApplyAsync($"apiVersion: v1\nkind: Node\nmetadata: {{name: {name}, labels: {{kubernetes.io/hostname: {name}, {labels}}}}}\n");
        var status = new JsonObject { ["status"] = new JsonObject { ["allocatable"] = new JsonObject { ["cpu"] = $"{cpu}", ["memory"] = "4Gi", ["pods"] = "110" } } };
        await Client.PatchAsync(ResourceType.Node, null, name, PatchKind.Merge, status, Cluster.Stop, new WriteOptions { Subresource = "status" });
    }

    public async Task ApplyAsync(string yaml)
    {
        foreach (var manifest in ManifestReader.Read("test.yaml", yaml))
        {
            var type = Cells.Text(manifest.Content, "kind") switch
            {
                "Node" => ResourceType.Node,
                "Pod" => ResourceType.Pod,
                "Service" => Types.Service,
                "PersistentVolume" => Types.PersistentVolume,
                "PersistentVolumeClaim" => Types.PersistentVolumeClaim,
                "StorageClass" => Types.StorageClass,
                var other => throw new InvalidOperationException(other),
            };
            var space = type.Namespaced ? Cells.Text(manifest.Content, "metadata.namespace", "default") : null;
            await Client.PatchAsync(type, space, Cells.Text(manifest.Content, "metadata.name"), PatchKind.Apply, manifest.Content, Cluster.Stop, new WriteOptions { FieldManager = "tests", Force = true });
        }
    }

    public Task AddPodAsync(string name, string spec) =>
        ApplyAsync($"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: default, labels: {{app: {name}}}}}\nspec: {{{spec}{(spec.Contains("containers", StringComparison.Ordinal) ? "" : (spec.Length > 0 ? ", " : "") + "containers: [{name: c, image: i}]")}}}\n");

    /// <summary>The node of a pod, when it has one.</summary>
    public async Task<string> NodeAsync(string pod)
    {
        var node = "";
        await Cluster.UntilAsync(async () => (node = Cells.Text(await FindAsync(ResourceType.Pod, pod), "spec.nodeName")).Length > 0, $"{pod} has a node");
        return node;
    }

    /// <summary>Why a pod has none.</summary>
    public async Task<string> RefusalAsync(string pod, string part)
    {
        var text = "";
        await Cluster.UntilAsync(
            async () => (text = Cells.Items(await FindAsync(ResourceType.Pod, pod), "status.conditions").Where(item => Cells.Text(item, "reason") == "Unschedulable").Select(item => Cells.Text(item, "message")).FirstOrDefault() ?? "").Contains(part, StringComparison.Ordinal),
            $"{pod} is refused because of '{part}'; {text}");
        return text;
    }

    public async Task<JsonObject> PhaseAsync(ResourceType type, string name, string phase)
    {
        JsonObject? last = null;
        await Cluster.UntilAsync(async () => Cells.Text(last = await FindAsync(type, name), "status.phase") == phase, $"{name} is {phase}; {last?.ToJsonString()}");
        return last!;
    }

    public async Task EventAsync(string about, string reason, string part)
    {
        await Cluster.UntilAsync(
            async () => (await EventsAsync(about)).Exists(text => text.StartsWith(reason + ":", StringComparison.Ordinal) && text.Contains(part, StringComparison.Ordinal)),
            $"{about} has the event {reason} '{part}'");
    }

    /// <summary>What is told of an object: reason and message.</summary>
    public async Task<List<string>> EventsAsync(string about)
    {
        var seen = new List<string>();
        await foreach (var item in Client.ListAsync(ResourceType.Event, new ListQuery(), Core.Kubernetes.Objects.ObjectNodeContext.Default.ObjectNode, cancellationToken: Cluster.Stop))
        {
            if (Cells.Text(item.Json, "involvedObject.name") == about)
            {
                seen.Add($"{Cells.Text(item.Json, "reason")}: {Cells.Text(item.Json, "message")}");
            }
        }

        return seen;
    }

    public Task<JsonObject?> FindAsync(ResourceType type, string name) => Client.FindObjectAsync(type, type.Namespaced ? "default" : null, name, Cluster.Stop);

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
