using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Flux;

/// <summary>The list of what an object has applied, in the form that all controllers of Flux share.</summary>
internal static class FluxInventory
{
    /// <summary>Reads <c>namespace_name_group_kind</c>. Names have no underscore of their own: two of them stand for a colon, as names of RBAC have it.</summary>
    /// <returns>A key with only a name when the text is of another form.</returns>
    public static ObjectKey Parse(string id)
    {
        var parts = id.Split('_');
        return parts.Length < 4
            ? new("", "", "", id)
            : new(parts[^2], parts[^1], parts[0], string.Join('_', parts[1..^2]).Replace("__", ":", StringComparison.Ordinal));
    }

    /// <summary>What the object applies lies in another cluster.</summary>
    public static bool IsElsewhere(JsonObject item) => (item["spec"] as JsonObject)?["kubeConfig"] is JsonObject;

    /// <summary>The objects in <c>status.inventory.entries</c>; null when the object keeps no such list.</summary>
    public static IReadOnlyList<ObjectKey>? Of(JsonObject item) => (item["status"] as JsonObject)?["inventory"] is JsonObject inventory && inventory["entries"] is JsonArray entries
        ? [.. entries.OfType<JsonObject>().Select(entry => Parse((string?)entry["id"] ?? ""))]
        : null;
}
