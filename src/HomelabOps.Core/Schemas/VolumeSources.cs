using System.Text.Json.Nodes;

namespace HomelabOps.Core.Schemas;

/// <summary>What a PersistentVolume is made of.</summary>
internal static class VolumeSources
{
    // What a volume's spec has beside its one source.
    private static readonly HashSet<string> Plain = new(
        ["accessModes", "capacity", "claimRef", "mountOptions", "nodeAffinity", "persistentVolumeReclaimPolicy", "storageClassName", "volumeAttributesClassName", "volumeMode"], StringComparer.Ordinal);

    /// <summary>The fields of a volume's spec that are sources; exactly one is right.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Of(JsonObject spec) => spec.Where(field => field.Value is not null && !Plain.Contains(field.Key));
}
