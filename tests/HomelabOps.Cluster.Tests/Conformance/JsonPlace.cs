using System.Globalization;
using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Finds places in documents.</summary>
internal static class JsonPlace
{
    /// <param name="node">Where to begin.</param>
    /// <param name="path">Names and indexes, as in "spec.ports[0].port".</param>
    public static JsonNode? Find(JsonNode? node, string path)
    {
        foreach (var step in path.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            node = step[0] == '['
                ? node is JsonArray items && int.Parse(step.Trim('[', ']'), CultureInfo.InvariantCulture) is var index && index < items.Count ? items[index] : null
                : (node as JsonObject)?[step];
        }

        return node;
    }

    public static string? Text(JsonNode? node, string path) => Find(node, path) switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        var other => other.ToJsonString(),
    };
}
