using System.Text.Json;
using System.Text.Json.Nodes;

namespace HomelabOps.Core.Patching;

/// <summary>Values as Go prints them, which is how an API server quotes a patch in its messages.</summary>
internal static class GoText
{
    public static string Of(JsonNode? node) => node switch
    {
        null => "<nil>",
        JsonObject map => $"map[{string.Join(' ', map.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}:{Of(field.Value)}"))}]",
        JsonArray list => $"[{string.Join(' ', list.Select(Of))}]",
        _ when node.GetValueKind() == JsonValueKind.String => node.GetValue<string>(),
        _ => node.ToJsonString(),
    };

    public static string TypeOf(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.Object => "map[string]interface {}",
        JsonValueKind.Array => "[]interface {}",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Number => node.ToJsonString().AsSpan().ContainsAny('.', 'e', 'E') ? "float64" : "int64",
        _ => "<nil>",
    };
}
