using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Tables;

/// <summary>Parts of objects as cells show them.</summary>
internal static class Cells
{
    public const string None = "<none>";

    // The paths are those that the code names, so there are few.
    private static readonly ConcurrentDictionary<string, string[]> Steps = new(StringComparer.Ordinal);

    public static JsonNode? At(JsonNode? node, string path)
    {
        foreach (var step in Steps.GetOrAdd(path, static path => path.Split('.')))
        {
            if (node is not JsonObject map || !map.TryGetPropertyValue(step, out node))
            {
                return null;
            }
        }

        return node;
    }

    public static string Text(JsonNode? node, string path, string absent = "") => At(node, path) switch
    {
        null => absent,
        JsonValue value when value.TryGetValue<string>(out var text) => text.Length == 0 ? absent : text,
        var other => other.ToJsonString(),
    };

    public static long Number(JsonNode? node, string path) => Numbers.Whole(At(node, path)) ?? 0;

    public static IEnumerable<JsonObject> Items(JsonNode? node, string path) => (At(node, path) as JsonArray ?? []).OfType<JsonObject>();

    public static int Count(JsonNode? node, string path) => At(node, path) switch { JsonArray items => items.Count, JsonObject fields => fields.Count, _ => 0 };

    /// <summary>Labels as a selector writes them.</summary>
    public static string Labels(JsonNode? labels) => labels is JsonObject { Count: > 0 } map
        ? string.Join(',', map.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"))
        : None;

    /// <summary>A label selector of a workload.</summary>
    public static string Selector(JsonNode? selector)
    {
        var parts = new List<string>();
        if (selector?["matchLabels"] is JsonObject { Count: > 0 } labels)
        {
            parts.Add(Labels(labels));
        }

        foreach (var expression in Items(selector, "matchExpressions"))
        {
            var values = string.Join(',', (expression["values"] as JsonArray ?? []).Select(value => (string?)value));
            var key = Text(expression, "key");
            parts.Add(Text(expression, "operator") switch
            {
                "In" => $"{key} in ({values})",
                "NotIn" => $"{key} notin ({values})",
                "Exists" => key,
                _ => "!" + key,
            });
        }

        return parts.Count == 0 ? None : string.Join(',', parts);
    }

    public static string Containers(JsonNode? item, string field, string path = "spec.template.spec.containers") => string.Join(',', Items(item, path).Select(container => Text(container, field)));

    public static string AccessModes(JsonNode? item, string path) => string.Join(',', (At(item, path) as JsonArray ?? []).Select(mode => (string?)mode switch
    {
        "ReadWriteOnce" => "RWO",
        "ReadOnlyMany" => "ROX",
        "ReadWriteMany" => "RWX",
        "ReadWriteOncePod" => "RWOP",
        var other => other,
    }));

    public static string Join(IEnumerable<string> values, string absent = None)
    {
        var text = string.Join(',', values);
        return text.Length == 0 ? absent : text;
    }

    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
