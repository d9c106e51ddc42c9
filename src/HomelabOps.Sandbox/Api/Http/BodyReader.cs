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
            throw ApiErrors.BadRequest($"the object provided is unrecognized (must be of type JSON or YAML): {error.Message}");
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
                    var name = reader.GetString()!;
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
                return JsonValue.Create(reader.GetString());
            case JsonTokenType.True or JsonTokenType.False:
                return JsonValue.Create(reader.GetBoolean());
            default:
                // Numbers keep their digits.
                return reader.TryGetInt64(out var whole) ? JsonValue.Create(whole) : JsonNode.Parse(Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }
}
