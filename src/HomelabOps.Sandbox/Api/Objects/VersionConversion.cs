using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Objects;

/// <summary>
/// Between the version that is stored and those that are served. Custom kinds differ in the name of the version only (strategy
/// None); of the built-in kinds the events and the autoscalers have another shape.
/// </summary>
internal static class VersionConversion
{
    // As core/v1 calls it, and as events.k8s.io does.
    private static readonly (string Core, string Events)[] EventFields =
    [
        ("involvedObject", "regarding"), ("message", "note"), ("source", "deprecatedSource"), ("firstTimestamp", "deprecatedFirstTimestamp"),
        ("lastTimestamp", "deprecatedLastTimestamp"), ("count", "deprecatedCount"), ("reportingComponent", "reportingController"),
    ];

    public static bool IsNeeded(ResourceKind kind, KindVersion version) =>
        kind.Is("events.k8s.io", "Event") || (kind.Is("autoscaling", "HorizontalPodAutoscaler") && version.Name == "v1");

    /// <summary>Whether an object is older than the definition of its kind, and so may lack defaults of it.</summary>
    public static bool IsOlder(ResourceKind kind, StoredObject item) => item.Revision < kind.Since;

    /// <summary>The object in this version, with its type.</summary>
    public static JsonObject Read(ResourceKind kind, KindVersion version, StoredObject item)
    {
        var node = new JsonObject { ["apiVersion"] = version.ApiVersion, ["kind"] = version.Kind };
        foreach (var (name, value) in item.ToNode().ToArray())
        {
            node[name] = value?.DeepClone();
        }

        if (IsNeeded(kind, version))
        {
            Convert(kind, node, toStorage: false);
        }
        else if (IsOlder(kind, item))
        {
            SchemaDefaults.Apply(node, version.Schema);
        }

        return node;
    }

    /// <summary>The bytes in this version, without its type.</summary>
    public static byte[] Bytes(ResourceKind kind, KindVersion version, StoredObject item)
    {
        var (isOlder, isNeeded) = (IsOlder(kind, item), IsNeeded(kind, version));
        if (!isOlder && !isNeeded)
        {
            return item.Json;
        }

        var node = item.ToNode();
        if (isNeeded)
        {
            Convert(kind, node, toStorage: false);
        }
        else
        {
            SchemaDefaults.Apply(node, version.Schema);
        }

        return ObjectJson.ToBytes(node);
    }

    public static JsonObject ToStorage(ResourceKind kind, KindVersion version, JsonObject node)
    {
        if (!IsNeeded(kind, version))
        {
            return node;
        }

        var stored = node.DeepClone().AsObject();
        Convert(kind, stored, toStorage: true);
        return stored;
    }

    private static void Convert(ResourceKind kind, JsonObject node, bool toStorage)
    {
        if (kind.Kind == "Event")
        {
            foreach (var (core, events) in EventFields)
            {
                Rename(node, toStorage ? events : core, toStorage ? core : events);
            }
        }
        else if (toStorage)
        {
            ScalerToStorage(node);
        }
        else
        {
            ScalerFromStorage(node);
        }
    }

    private static void Rename(JsonObject node, string from, string to)
    {
        if (node.TryGetPropertyValue(from, out var value))
        {
            node.Remove(from);
            node[to] = value;
        }
    }

    private static void ScalerToStorage(JsonObject node)
    {
        if (node["spec"] is JsonObject spec && spec["targetCPUUtilizationPercentage"] is { } target)
        {
            spec.Remove("targetCPUUtilizationPercentage");
            spec["metrics"] = new JsonArray(Metric("target", new() { ["type"] = "Utilization", ["averageUtilization"] = target }));
        }

        if (node["status"] is JsonObject status && status["currentCPUUtilizationPercentage"] is { } current)
        {
            status.Remove("currentCPUUtilizationPercentage");
            status["currentMetrics"] = new JsonArray(Metric("current", new() { ["averageUtilization"] = current }));
        }
    }

    private static void ScalerFromStorage(JsonObject node)
    {
        Flatten(node["spec"] as JsonObject, "metrics", "target", "targetCPUUtilizationPercentage");
        Flatten(node["status"] as JsonObject, "currentMetrics", "current", "currentCPUUtilizationPercentage");
    }

    private static void Flatten(JsonObject? owner, string list, string part, string to)
    {
        if (owner?[list] is not JsonArray metrics)
        {
            return;
        }

        var cpu = metrics.FirstOrDefault(metric => (string?)metric?["resource"]?["name"] == "cpu")?["resource"]?[part]?["averageUtilization"];
        owner.Remove(list);
        if (cpu is not null)
        {
            owner[to] = cpu.DeepClone();
        }
    }

    private static JsonObject Metric(string part, JsonObject value) =>
        new() { ["type"] = "Resource", ["resource"] = new JsonObject { ["name"] = "cpu", [part] = value } };
}
