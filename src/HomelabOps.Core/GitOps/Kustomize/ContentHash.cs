using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>The ten characters that kustomize appends to the name of a generated object, which change with its content.</summary>
internal static class ContentHash
{
    /// <summary>The hash of a ConfigMap, a Secret, or any other object.</summary>
    public static string Of(JsonObject body)
    {
        var content = Scalars.Text(body["kind"]) switch
        {
            "ConfigMap" => Content("ConfigMap", body, "binaryData"),
            "Secret" => Content("Secret", body, "stringData"),
            _ => body,
        };
        if (content["kind"]!.GetValue<string>() == "Secret")
        {
            content["type"] = body["type"]?.DeepClone() ?? "";
        }

        var text = new StringBuilder();
        Write(text, content);
        return Encode(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))));
    }

    private static JsonObject Content(string kind, JsonObject body, string optional)
    {
        // The name is meant to be part of it, but kustomize looks for it in the wrong place and finds nothing.
        var content = new JsonObject { ["kind"] = kind, ["name"] = "", ["data"] = body["data"]?.DeepClone() ?? "" };
        if (body[optional] is JsonObject extra)
        {
            content[optional] = extra.DeepClone();
        }

        return content;
    }

    // No vowels and nothing that looks alike, as kubectl has it.
    private static string Encode(string hex) => string.Create(10, hex, (result, source) =>
    {
        for (var index = 0; index < result.Length; index++)
        {
            result[index] = source[index] switch { '0' => 'g', '1' => 'h', '3' => 'k', 'a' => 'm', 'e' => 't', var other => other };
        }
    });

    // JSON to the letter as Go writes it: keys sorted, nothing between the parts, and its own choice of escapes.
    private static void Write(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                text.Append('{');
                foreach (var (key, value) in map.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    Separate(text, '{');
                    WriteText(text, key);
                    text.Append(':');
                    Write(text, value);
                }

                text.Append('}');
                break;
            case JsonArray list:
                text.Append('[');
                foreach (var item in list)
                {
                    Separate(text, '[');
                    Write(text, item);
                }

                text.Append(']');
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                WriteText(text, value.GetValue<string>());
                break;
            default:
                text.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }

    private static void Separate(StringBuilder text, char open)
    {
        if (text[^1] != open)
        {
            text.Append(',');
        }
    }

    private static void WriteText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var character in value)
        {
            _ = character switch
            {
                '"' or '\\' => text.Append('\\').Append(character),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029' => text.Append("\\u").Append(((int)character).ToString("x4", System.Globalization.CultureInfo.InvariantCulture)),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }
}
