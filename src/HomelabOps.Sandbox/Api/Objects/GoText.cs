using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Api.Objects;

/// <summary>A document as Go prints one that it has read without type: the real server shows a patch so.</summary>
internal static class GoText
{
    // From there on Go writes numbers with an exponent.
    private const double Exponent = 1e21;

    public static string Of(JsonNode? node) => node switch
    {
        null => "<nil>",
        JsonObject map => $"map[{string.Join(' ', map.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}:{Of(field.Value)}"))}]",
        JsonArray items => $"[{string.Join(' ', items.Select(Of))}]",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => (string)value!,
        _ when node.GetValueKind() == JsonValueKind.Number => Number(node.ToJsonString()),
        _ => node.ToJsonString(),
    };

    private static string Number(string digits) => !digits.AsSpan().ContainsAny(".eE") ? digits
        : double.Parse(digits, CultureInfo.InvariantCulture) is var number && Math.Abs(number) < Exponent && double.IsInteger(number) ? number.ToString("F0", CultureInfo.InvariantCulture)
        : number.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
}
