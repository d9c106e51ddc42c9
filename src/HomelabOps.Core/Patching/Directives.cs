using System.Text.Json;
using System.Text.Json.Nodes;

namespace HomelabOps.Core.Patching;

/// <summary>The fields of a strategic merge patch that are instructions and no data.</summary>
internal static class Directives
{
    public const string Patch = "$patch";
    public const string RetainKeysName = "$retainKeys";
    public const string SetElementOrder = "$setElementOrder/";
    public const string DeleteFromList = "$deleteFromPrimitiveList/";
    private const string BadRetainKeys = "invalid patch format of retainKeys";

    /// <summary>The field that a parallel list such as <c>$setElementOrder/containers</c> is about, or null for another name.</summary>
    public static string? FieldOf(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal) && name.Length > prefix.Length ? name[prefix.Length..] : null;

    public static string? TextOf(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : node?.ToJsonString();

    public static JsonArray List(JsonNode? node) => node as JsonArray
        ?? throw PatchException.Unforeseen($"expected a []interface {{}}, but received a {GoText.TypeOf(node)}");

    public static PatchException UnknownType(string? type, JsonObject map) =>
        PatchException.Unforeseen($"unknown patch type: {type} in map: {GoText.Of(map)}");

    public static PatchException NoMergeKey(JsonObject map, string key) =>
        PatchException.Unforeseen($"map: {GoText.Of(map)} does not contain declared merge key: {key}");

    /// <summary>Drops the fields of the target that <c>$retainKeys</c> does not name.</summary>
    public static void RetainKeys(JsonObject target, JsonObject patch)
    {
        if (!patch.Remove(RetainKeysName, out var directive))
        {
            return;
        }

        if (directive is not JsonArray names)
        {
            throw PatchException.Malformed(BadRetainKeys);
        }

        var retained = names.Select(TextOf).ToHashSet(StringComparer.Ordinal);
        if (patch.Any(field => field.Value is not null && !IsParallelList(field.Key) && !retained.Contains(field.Key)))
        {
            throw PatchException.Malformed(BadRetainKeys);
        }

        foreach (var name in target.Select(field => field.Key).Where(name => !retained.Contains(name)).ToArray())
        {
            target.Remove(name);
        }
    }

    /// <summary>The value of a directive-free patch: what is put where nothing was must not hold instructions, nulls or deleted elements.</summary>
    public static JsonNode? Clean(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                var type = map.TryGetPropertyValue(Patch, out var directive) ? TextOf(directive) : null;
                return type == "delete" ? new JsonObject() : Strip(map);
            case JsonArray list:
                return new JsonArray([.. list.Where(item => !IsDirective(item)).Select(item => Clean(item?.DeepClone()))]);
            default:
                return node?.DeepClone();
        }
    }

    /// <summary>A map with its data alone.</summary>
    public static JsonObject Strip(JsonObject map)
    {
        JsonObject data = [];
        foreach (var (name, value) in map)
        {
            if (value is not null && name is not (Patch or RetainKeysName) && !IsParallelList(name))
            {
                data[name] = Clean(value);
            }
        }

        return data;
    }

    // An element that only says how its list is treated.
    private static bool IsDirective(JsonNode? item) =>
        item is JsonObject map && map.TryGetPropertyValue(Patch, out var directive) && (map.Count == 1 || TextOf(directive) == "delete");

    private static bool IsParallelList(string name) =>
        name.StartsWith(SetElementOrder, StringComparison.Ordinal) || name.StartsWith(DeleteFromList, StringComparison.Ordinal);
}
