using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Flux.Comparing;

/// <summary>The part of an object that a manifest can decide, so that live and desired state can be compared and read.</summary>
internal static class ComparedObject
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    private static readonly string[] First = ["apiVersion", "kind", "metadata"];
    private static readonly string[] OfTheServer = ["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"];

    /// <summary>A copy without what the server writes, keys in one order on both sides; null for null.</summary>
    public static JsonObject? Of(JsonObject? item)
    {
        if (item is null)
        {
            return null;
        }

        var copy = (JsonObject)Sorted(item)!;
        copy.Remove("status");
        if (copy["metadata"] is JsonObject metadata)
        {
            foreach (var field in OfTheServer)
            {
                metadata.Remove(field);
            }

            // Flux takes it away, and it repeats the whole object, values of a Secret included.
            (metadata["annotations"] as JsonObject)?.Remove(LastApplied);
            foreach (var field in new[] { "annotations", "labels" })
            {
                if (metadata[field] is JsonObject { Count: 0 })
                {
                    metadata.Remove(field);
                }
            }
        }

        return copy;
    }

    /// <summary>The object as YAML; empty for null.</summary>
    public static string Yaml(JsonObject? item) =>
        item is null ? "" : YamlText.Of(JsonSerializer.Deserialize(item.ToJsonString(), RawJsonContext.Default.JsonElement));

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(member => Place(member.Key)).ThenBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static int Place(string key) => Array.IndexOf(First, key) is >= 0 and var place ? place : First.Length;
}
