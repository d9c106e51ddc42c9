using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Scalars as the text that stands for them in YAML, on which kustomize works.</summary>
internal static class Scalars
{
    /// <summary>The text of a scalar; null for a list, a mapping and nothing at all.</summary>
    public static string? Text(JsonNode? node) => node is JsonValue value
        ? value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString()
        : null;

    /// <summary>
    /// A new text for a scalar that has a type already: a string takes any text, a number only one that reads as a number.
    /// Null when the text does not fit.
    /// </summary>
    public static JsonValue? Retype(JsonNode? old, string text)
    {
        if (old is JsonValue value && value.GetValueKind() == JsonValueKind.String)
        {
            return JsonValue.Create(text);
        }

        var (kind, typed) = ScalarTyping.ResolvePlain(text, YamlSchema.Manifest);
        var expected = old?.GetValueKind() switch
        {
            JsonValueKind.Number => ScalarKind.Number,
            JsonValueKind.True or JsonValueKind.False => ScalarKind.Boolean,
            _ => ScalarKind.Null,
        };
        return kind == expected ? typed : null;
    }

    /// <summary>The value of a text that nobody has given a type yet.</summary>
    public static JsonValue? Untyped(string text, YamlSchema schema = YamlSchema.Manifest) => ScalarTyping.ResolvePlain(text, schema).Json;
}
