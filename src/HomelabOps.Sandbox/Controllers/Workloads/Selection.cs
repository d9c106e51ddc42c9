using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>Label selectors as objects carry them.</summary>
internal static class Selection
{
    /// <summary>What selects the dependents of an owner; a ReplicationController names only labels.</summary>
    public static JsonNode? Of(ResourceType type, JsonObject owner) => At(owner, "spec.selector") is { } selector && type == Types.ReplicationController
        ? new JsonObject { ["matchLabels"] = selector.DeepClone() }
        : At(owner, "spec.selector");

    /// <summary>Whether labels fit a selector of matchLabels and matchExpressions. Null fits nothing, an empty one everything.</summary>
    public static bool Fits(JsonNode? selector, JsonObject? labels) =>
        selector is JsonObject && HasAll(selector["matchLabels"] as JsonObject, labels) && Items(selector, "matchExpressions").All(requirement => Holds(requirement, labels));

    /// <summary>Whether all wanted labels are there, with these values.</summary>
    public static bool HasAll(JsonObject? wanted, JsonObject? labels)
    {
        foreach (var (name, value) in wanted ?? [])
        {
            if (labels?[name] is not { } present || (string?)present != (string?)value)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether one requirement of a label or node selector holds.</summary>
    public static bool Holds(JsonObject requirement, JsonObject? labels)
    {
        var present = (string?)labels?[Text(requirement, "key")];
        var values = requirement["values"] as JsonArray ?? [];
        return Text(requirement, "operator") switch
        {
            "In" => present is not null && values.Any(value => (string?)value == present),
            "NotIn" => present is null || values.All(value => (string?)value != present),
            "Exists" => present is not null,
            "DoesNotExist" => present is null,
            "Gt" => Compare(present, values) > 0,
            "Lt" => Compare(present, values) < 0,
            _ => false,
        };
    }

    public static JsonObject? Labels(JsonObject item) => At(item, "metadata.labels") as JsonObject;

    private static int Compare(string? present, JsonArray values) =>
        long.TryParse(present, CultureInfo.InvariantCulture, out var left) && values.Count == 1 && long.TryParse((string?)values[0], CultureInfo.InvariantCulture, out var right) ? left.CompareTo(right) : 0;
}
