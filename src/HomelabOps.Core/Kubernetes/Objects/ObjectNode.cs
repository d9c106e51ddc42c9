using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Objects;

/// <summary>A whole object, of any kind, in a list or a watch. Of its metadata only what places it is read.</summary>
[JsonConverter(typeof(ObjectNodeConverter))]
internal sealed class ObjectNode : ObjectWire
{
    /// <summary>The object; items of a list lack their apiVersion and kind.</summary>
    public JsonObject Json { get; init; } = [];
}

[JsonSourceGenerationOptions(MaxDepth = RawJsonContext.Depth, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ObjectNode))]
internal sealed partial class ObjectNodeContext : JsonSerializerContext;
