using System.Text.Json;
using System.Text.Json.Serialization;

namespace HomelabOps.Core.Diagnosis.Wire;

/// <summary>Passes over a value, so that the secret in it never becomes a string.</summary>
internal sealed class SkippedConverter : JsonConverter<SkippedWire>
{
    private static readonly SkippedWire Skipped = new();

    public override SkippedWire Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        reader.Skip();
        return Skipped;
    }

    public override void Write(Utf8JsonWriter writer, SkippedWire value, JsonSerializerOptions options) => writer.WriteNullValue();
}
