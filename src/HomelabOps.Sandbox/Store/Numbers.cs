using System.Text.Json;
using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Store;

/// <summary>Whole numbers in nodes, whichever type of .NET holds them: a node made of an int does not convert to a long.</summary>
internal static class Numbers
{
    public static long? Whole(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.Number
        ? value.TryGetValue<long>(out var number) ? number
        : value.TryGetValue<int>(out var small) ? small
        : value.TryGetValue<double>(out var real) ? (long)real : null
        : null;
}
