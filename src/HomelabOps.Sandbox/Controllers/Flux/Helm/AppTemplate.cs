using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Flux.Helm;

/// <summary>
/// A small part of the chart app-template: for each of values.controllers a Deployment with its replicas, where its pods may be, the claims
/// that they use, and its containers' images, environment and resources; and for each of values.service a Service. All other values are without effect.
/// </summary>
internal static class AppTemplate
{
    public const string Chart = "app-template";

    // Those that decide where a pod runs and how it ends.
    private static readonly string[] PodFields = ["affinity", "nodeSelector", "securityContext", "terminationGracePeriodSeconds", "tolerations", "topologySpreadConstraints"];

    /// <summary>The objects of a release.</summary>
    public static IReadOnlyList<JsonObject> Render(ObjectName release, JsonObject? values)
    {
        var controllers = (values?["controllers"] as JsonObject ?? []).Where(entry => entry.Value is JsonObject).ToArray();
        var services = (values?["service"] as JsonObject ?? []).Where(entry => entry.Value is JsonObject).ToArray();
        return
        [
            .. controllers.Select(entry => Deployment(release, entry.Key, controllers.Length, (JsonObject)entry.Value!, values!)),
            .. services.Select(entry => Service(release, entry.Key, services.Length, (JsonObject)entry.Value!, controllers.Length > 0 ? controllers[0].Key : "main")),
        ];
    }

    private static JsonObject Deployment(ObjectName release, string key, int count, JsonObject controller, JsonObject values)
    {
        var volumes = (values["persistence"] as JsonObject ?? []).Where(entry => Cells.Text(entry.Value, "existingClaim").Length > 0).ToArray();
        var containers = (controller["containers"] as JsonObject ?? []).Where(entry => entry.Value is JsonObject)
            .Select(entry => (JsonNode)Container(entry.Key, (JsonObject)entry.Value!, [.. volumes.SelectMany(volume => Mounts(volume.Key, volume.Value!, key, entry.Key))]));
        var pod = new JsonObject { ["containers"] = new JsonArray([.. containers]) };
        foreach (var field in PodFields)
        {
            if ((controller["pod"]?[field] ?? values["defaultPodOptions"]?[field]) is { } value)
            {
                pod[field] = value.DeepClone();
            }
        }

        if (volumes.Length > 0)
        {
            // Where the values come from a template, which only knows the release here.
            pod["volumes"] = new JsonArray([.. volumes.Select(volume => new JsonObject
            {
                ["name"] = volume.Key,
                ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = Cells.Text(volume.Value, "existingClaim").Replace("{{ .Release.Name }}", release.Name, StringComparison.Ordinal) },
            })]);
        }

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
                    ["spec"] = pod,
                },
            },
        };
    }

    // Into all containers, unless it says into which.
    private static IEnumerable<JsonObject> Mounts(string volume, JsonNode persistence, string controller, string container)
    {
        var given = persistence["advancedMounts"] is JsonObject advanced ? advanced[controller]?[container] : persistence["globalMounts"] ?? new JsonArray(new JsonObject());
        return (given as JsonArray ?? []).OfType<JsonObject>().Select(mount => new JsonObject { ["name"] = volume, ["mountPath"] = Cells.Text(mount, "path", $"/{volume}") });
    }

    private static JsonObject Container(string key, JsonObject container, JsonObject[] mounts)
    {
        var (repository, tag) = (Cells.Text(container, "image.repository"), Cells.Text(container, "image.tag", "latest"));
        var env = (container["env"] as JsonObject ?? []).Where(entry => entry.Value is JsonValue)
            .Select(entry => (JsonNode)new JsonObject { ["name"] = entry.Key, ["value"] = entry.Value!.ToString() });
        return new() { ["name"] = key, ["image"] = $"{repository}:{tag}", ["env"] = new JsonArray([.. env]), ["resources"] = container["resources"]?.DeepClone() ?? new JsonObject(), ["volumeMounts"] = new JsonArray([.. mounts]) };
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
