using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Api.Http;

/// <summary>Reads a body into nodes and notes fields that come twice; the last one counts, as for Go.</summary>
internal static class BodyReader
{
    private const int MaxDepth = 256;

    public static JsonNode? Read(ReadOnlySpan<byte> json, List<string> duplicates)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            if (!reader.Read())
            {
                throw ApiErrors.BadRequest("unexpected end of JSON input");
            }

            var node = ReadValue(ref reader, "", duplicates);
            return reader.Read() ? throw ApiErrors.BadRequest("invalid character after top-level value") : node;
        }
        catch (JsonException error)
        {
            throw ApiErrors.BadRequest(JsonErrors.Describe(json, error));
        }
    }

    private static JsonNode? ReadValue(ref Utf8JsonReader reader, string path, List<string> duplicates)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var result = new JsonObject();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = Text(ref reader);
                    var inner = path.Length == 0 ? name : $"{path}.{name}";
                    reader.Read();
                    if (result.ContainsKey(name))
                    {
                        duplicates.Add(inner);
                    }

                    result[name] = ReadValue(ref reader, inner, duplicates);
                }

                return result;
            case JsonTokenType.StartArray:
                var items = new JsonArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(ReadValue(ref reader, $"{path}[{items.Count}]", duplicates));
                }

                return items;
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String:
                return JsonValue.Create(Text(ref reader));
            case JsonTokenType.True or JsonTokenType.False:
                return JsonValue.Create(reader.GetBoolean());
            default:
                // Numbers keep their digits.
                return reader.TryGetInt64(out var whole) ? JsonValue.Create(whole) : JsonNode.Parse(Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    // Half of a surrogate pair, and bytes that are no UTF-8, become the replacement character, as for Go.
    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            var text = new StringBuilder();
            foreach (var rune in Unescaped(Encoding.UTF8.GetString(reader.ValueSpan)).EnumerateRunes())
            {
                text.Append(rune);
            }

            return text.ToString();
        }
    }

    // The reader has seen that the escapes are well formed.
    private static string Unescaped(string text)
    {
        var result = new StringBuilder();
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] != '\\')
            {
                result.Append(text[index]);
                continue;
            }

            index++;
            if (text[index] == 'u')
            {
                result.Append((char)ushort.Parse(text.AsSpan(index + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                index += 4;
            }
            else
            {
                result.Append(text[index] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', var other => other });
            }
        }

        return result.ToString();
    }
}
