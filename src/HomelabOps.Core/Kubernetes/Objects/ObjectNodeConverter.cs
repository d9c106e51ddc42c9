using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace HomelabOps.Core.Kubernetes.Objects;

/// <summary>Reads an object without knowing its fields.</summary>
internal sealed class ObjectNodeConverter : JsonConverter<ObjectNode>
{
    public override ObjectNode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var json = JsonObject.Create(JsonElement.ParseValue(ref reader)) ?? throw new JsonException("The item is no object.");
        var metadata = json["metadata"] as JsonObject;
        return new()
        {
            Json = json,
            Metadata = new()
            {
                Name = (string?)metadata?["name"] ?? "",
                Namespace = (string?)metadata?["namespace"],
                Uid = (string?)metadata?["uid"],
                ResourceVersion = (string?)metadata?["resourceVersion"],
            },
        };
    }

    public override void Write(Utf8JsonWriter writer, ObjectNode value, JsonSerializerOptions options) => value.Json.WriteTo(writer, options);
}
