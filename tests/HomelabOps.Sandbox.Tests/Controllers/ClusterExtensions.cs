using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers;

/// <summary>What the tests of controllers do with objects.</summary>
internal static class ClusterExtensions
{
    /// <summary>Creates an object that is written as JSON, in the namespace default where it names none.</summary>
    public static Task<JsonObject> CreateAsync(this Cluster cluster, ResourceType type, string json)
    {
        var item = JsonNode.Parse(json)!.AsObject();
        return cluster.Client.CreateAsync(type, type.Namespaced ? Text(item, "metadata.namespace", "default") : null, item, Cluster.Stop);
    }

    /// <summary>Adds a node with 4 cores, 8 GiB and room for 110 pods.</summary>
    public static Task<JsonObject> AddNodeAsync(this Cluster cluster, string name, string labels = "", string spec = "") => cluster.CreateAsync(ResourceType.Node, $$"""
        {"metadata":{"name":"{{name}}","labels":{"kubernetes.io/hostname":"{{name}}"{{labels}} } },"spec":{ {{spec}} },
        "status":{"allocatable":{"cpu":"4","memory":"8Gi","pods":"110"},"capacity":{"cpu":"4","memory":"8Gi","pods":"110"} } }
        """);

    /// <summary>Adds a pod whose spec has this beside one container.</summary>
    public static Task<JsonObject> AddPodAsync(this Cluster cluster, string name, string spec = "", string labels = "", string resources = "", string ports = "") => cluster.CreateAsync(ResourceType.Pod, $$"""
        {"metadata":{"name":"{{name}}","labels":{ {{labels}} } },"spec":{ {{spec}}{{(spec.Length > 0 ? "," : "")}}"containers":[{"name":"main","image":"main:1","resources":{ {{resources}} },"ports":[{{ports}}]}]} }
        """);

    public static Task<JsonObject?> FindAsync(this Cluster cluster, ResourceType type, string name, string @namespace = "default") =>
        cluster.Client.FindObjectAsync(type, type.Namespaced ? @namespace : null, name, Cluster.Stop);

    public static async Task<JsonObject> GetAsync(this Cluster cluster, ResourceType type, string name, string @namespace = "default") =>
        await cluster.FindAsync(type, name, @namespace) ?? throw new InvalidOperationException($"There is no {type.Kind} {name}.");

    public static Task<JsonObject> PatchAsync(this Cluster cluster, ResourceType type, string name, string json, string? subresource = null) =>
        cluster.Client.PatchAsync(type, type.Namespaced ? "default" : null, name, PatchKind.Merge, JsonNode.Parse(json)!, Cluster.Stop, new WriteOptions { Subresource = subresource });

    public static Task DeleteAsync(this Cluster cluster, ResourceType type, string name, DeleteRequest? delete = null) =>
        cluster.Client.DeleteAsync(type, type.Namespaced ? "default" : null, name, delete ?? new(), Cluster.Stop);

    public static async Task<List<JsonObject>> ListAsync(this Cluster cluster, ResourceType type, string @namespace = "default")
    {
        var items = new List<JsonObject>();
        await foreach (var item in cluster.Client.ListAsync(type, new ListQuery { Namespace = type.Namespaced ? @namespace : null }, ObjectNodeContext.Default.ObjectNode, cancellationToken: Cluster.Stop))
        {
            items.Add(item.Json);
        }

        return items;
    }

    /// <summary>Waits until an object fulfils something, and gives it.</summary>
    public static async Task<JsonObject> UntilAsync(this Cluster cluster, ResourceType type, string name, Func<JsonObject, bool> holds, string what)
    {
        JsonObject? found = null;
        try
        {
            await Cluster.UntilAsync(async () => (found = await cluster.FindAsync(type, name)) is not null && holds(found), what);
        }
        catch (Exception)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{found?.ToJsonString()}\n{string.Join('\n', cluster.Host.Faults)}");
            throw;
        }

        return found!;
    }

    public static Task RestAsync(this Cluster cluster) => Cluster.UntilAsync(
        async () =>
        {
            // Twice in a row, since a watch may have something on its way.
            for (var look = 0; look < 5; look++)
            {
                if (!cluster.Host.IsIdle)
                {
                    return false;
                }

                await Task.Delay(10, CancellationToken.None);
            }

            return true;
        },
        "the controllers come to rest");

    /// <summary>The events about an object of this name: reason and message.</summary>
    public static async Task<List<(string Reason, string Message)>> EventsAsync(this Cluster cluster, string name) =>
        [.. (await cluster.ListAsync(ResourceType.Event)).Where(item => Text(item, "involvedObject.name") == name).Select(item => (Text(item, "reason"), Text(item, "message")))];

    public static string Reason(this JsonObject item, string condition) => Text(Items(item, "status.conditions").FirstOrDefault(found => Text(found, "type") == condition), "reason");

    public static string Message(this JsonObject item, string condition) => Text(Items(item, "status.conditions").FirstOrDefault(found => Text(found, "type") == condition), "message");
}
