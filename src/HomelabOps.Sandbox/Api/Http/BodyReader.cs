using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Api.Http;

/// <summary>Reads a body into nodes and notes fields that come twice; the last one counts, as for Go.</summary>
internal static class BodyReader
{
    private const int MaxDepth = 256;

    /// <summary>Reads JSON.</summary>
    /// <param name="json">The body.</param>
    /// <param name="duplicates">Paths of fields that come twice are added here.</param>
    /// <param name="keepsDigits">False where all but whole numbers are read as such, as by way of YAML.</param>
    public static JsonNode? Read(ReadOnlySpan<byte> json, List<string> duplicates, bool keepsDigits = true)
    {
        try
        {
            // Few bodies have a field twice, so paths are made only for those that have.
            var node = Read(json, null, keepsDigits, out var hasDuplicates);
            return hasDuplicates ? Read(json, duplicates, keepsDigits, out _) : node;
        }
        catch (JsonException error)
        {
            throw ApiErrors.BadRequest(JsonErrors.Describe(json, error));
        }
    }

    private static JsonNode? Read(ReadOnlySpan<byte> json, List<string>? duplicates, bool keepsDigits, out bool hasDuplicates)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!reader.Read())
        {
            throw ApiErrors.BadRequest("unexpected end of JSON input");
        }

        hasDuplicates = false;
        var node = ReadValue(ref reader, "", duplicates, keepsDigits, ref hasDuplicates);
        return reader.Read() ? throw ApiErrors.BadRequest("invalid character after top-level value") : node;
    }

    private static JsonNode? ReadValue(ref Utf8JsonReader reader, string path, List<string>? duplicates, bool keepsDigits, ref bool hasDuplicates)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var result = new JsonObject();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = Text(ref reader);
                    var inner = duplicates is null || path.Length == 0 ? name : $"{path}.{name}";
                    reader.Read();
                    if (result.ContainsKey(name))
                    {
                        hasDuplicates = true;
                        duplicates?.Add(inner);
                    }

                    result[name] = ReadValue(ref reader, inner, duplicates, keepsDigits, ref hasDuplicates);
                }

                return result;
            case JsonTokenType.StartArray:
                var items = new JsonArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(ReadValue(ref reader, duplicates is null ? "" : $"{path}[{items.Count}]", duplicates, keepsDigits, ref hasDuplicates));
                }

                return items;
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String:
                return JsonValue.Create(Text(ref reader));
            case JsonTokenType.True or JsonTokenType.False:
                return JsonValue.Create(reader.GetBoolean());
            default:
                return reader.TryGetInt64(out var whole) ? JsonValue.Create(whole)
                    : keepsDigits ? JsonNode.Parse(Encoding.UTF8.GetString(reader.ValueSpan))
                    : JsonValue.Create(reader.GetDouble());
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
