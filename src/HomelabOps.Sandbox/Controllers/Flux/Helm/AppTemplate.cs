using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Flux.Helm;

/// <summary>
/// A small part of the chart app-template: for each of values.controllers a Deployment with its replicas and its containers'
/// images, environment and resources, and for each of values.service a Service. All other values are without effect.
/// </summary>
internal static class AppTemplate
{
    public const string Chart = "app-template";

    /// <summary>The objects of a release.</summary>
    public static IReadOnlyList<JsonObject> Render(ObjectName release, JsonObject? values)
    {
        var controllers = (values?["controllers"] as JsonObject ?? []).Where(entry => entry.Value is JsonObject).ToArray();
        var services = (values?["service"] as JsonObject ?? []).Where(entry => entry.Value is JsonObject).ToArray();
        return
        [
            .. controllers.Select(entry => Deployment(release, entry.Key, controllers.Length, (JsonObject)entry.Value!)),
            .. services.Select(entry => Service(release, entry.Key, services.Length, (JsonObject)entry.Value!, controllers.Length > 0 ? controllers[0].Key : "main")),
        ];
    }

    private static JsonObject Deployment(ObjectName release, string key, int count, JsonObject controller)
    {
        var containers = (controller["containers"] as JsonObject ?? []).Where(entry => entry.Value is JsonObject).Select(entry => (JsonNode)Container(entry.Key, (JsonObject)entry.Value!));
        return new()
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "Deployment",
            ["metadata"] = Metadata(release, Name(release, key, count), key),
            ["spec"] = new JsonObject
            {
                ["replicas"] = controller["replicas"]?.DeepClone() ?? 1,
                ["strategy"] = new JsonObject { ["type"] = Cells.Text(controller, "strategy", "Recreate") },
                ["selector"] = new JsonObject { ["matchLabels"] = Selector(release, key) },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = Selector(release, key) },
                    ["spec"] = new JsonObject { ["containers"] = new JsonArray([.. containers]) },
                },
            },
        };
    }

    private static JsonObject Container(string key, JsonObject container)
    {
        var (repository, tag) = (Cells.Text(container, "image.repository"), Cells.Text(container, "image.tag", "latest"));
        var env = (container["env"] as JsonObject ?? []).Where(entry => entry.Value is JsonValue)
            .Select(entry => (JsonNode)new JsonObject { ["name"] = entry.Key, ["value"] = entry.Value!.ToString() });
        return new() { ["name"] = key, ["image"] = $"{repository}:{tag}", ["env"] = new JsonArray([.. env]), ["resources"] = container["resources"]?.DeepClone() ?? new JsonObject() };
    }

    private static JsonObject Service(ObjectName release, string key, int count, JsonObject service, string first)
    {
        var ports = (service["ports"] as JsonObject ?? []).Where(entry => entry.Value is JsonObject)
            .Select(entry => (JsonNode)new JsonObject { ["name"] = entry.Key, ["port"] = entry.Value!["port"]?.DeepClone(), ["protocol"] = "TCP" });
        return new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Service",
            ["metadata"] = Metadata(release, Name(release, key, count), key),
            ["spec"] = new JsonObject { ["type"] = Cells.Text(service, "type", "ClusterIP"), ["ports"] = new JsonArray([.. ports]), ["selector"] = Selector(release, Cells.Text(service, "controller", first)) },
        };
    }

    private static string Name(ObjectName release, string key, int count) => count == 1 ? release.Name : $"{release.Name}-{key}";

    private static JsonObject Metadata(ObjectName release, string name, string key)
    {
        var labels = Selector(release, key);
        labels["app.kubernetes.io/managed-by"] = "Helm";
        return new()
        {
            ["name"] = name,
            ["namespace"] = release.Namespace,
            ["labels"] = labels,
            ["annotations"] = new JsonObject { ["meta.helm.sh/release-name"] = release.Name, ["meta.helm.sh/release-namespace"] = release.Namespace },
        };
    }

    private static JsonObject Selector(ObjectName release, string key) => new()
    {
        ["app.kubernetes.io/controller"] = key,
        ["app.kubernetes.io/instance"] = release.Name,
        ["app.kubernetes.io/name"] = release.Name,
    };
}
