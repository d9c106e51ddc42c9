using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HomelabOps.Core.Kubernetes.Objects;

/// <summary>Objects of any kind as JSON.</summary>
internal static class RawJson
{
    /// <summary>
    /// The object with <c>apiVersion</c> and <c>kind</c> in front, which items of a list lack, and without managedFields
    /// unless they are wanted.
    /// </summary>
    public static JsonElement Normalize(JsonElement item, ResourceType type, bool managedFields)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("apiVersion", type.ApiVersion);
            writer.WriteString("kind", type.Kind);
            foreach (var member in item.EnumerateObject())
            {
                if (member.NameEquals("apiVersion") || member.NameEquals("kind"))
                {
                    continue;
                }

                if (!managedFields && member.NameEquals("metadata") && member.Value.ValueKind == JsonValueKind.Object)
                {
                    writer.WritePropertyName("metadata");
                    WriteMetadata(writer, member.Value);
                }
                else
                {
                    member.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan, new JsonReaderOptions { MaxDepth = RawJsonContext.Depth });
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>A text of the object's metadata; empty when it is not there.</summary>
    public static string Metadata(JsonElement item, string field) =>
        item.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty(field, out var value) ? value.GetString() ?? "" : "";

    /// <summary>
    /// A JSON value without members as .NET has it. Whole numbers are long, others double; times stay the text that they
    /// are, as nothing in the JSON tells them from other text.
    /// </summary>
    public static object? Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when value.TryGetInt64(out var whole) => whole,
        JsonValueKind.Number => value.GetDouble(),
        _ => null,
    };

    private static void WriteMetadata(Utf8JsonWriter writer, JsonElement metadata)
    {
        writer.WriteStartObject();
        foreach (var member in metadata.EnumerateObject().Where(member => !member.NameEquals("managedFields")))
        {
            member.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}

// CustomResourceDefinitions nest deeper than the 64 levels that are usual.
[JsonSourceGenerationOptions(MaxDepth = Depth, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class RawJsonContext : JsonSerializerContext
{
    public const int Depth = 512;
}
