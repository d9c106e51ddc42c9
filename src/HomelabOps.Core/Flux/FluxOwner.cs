using System.Text.Json;
using System.Text.Json.Nodes;

namespace HomelabOps.Core.Flux;

/// <summary>Which object of Flux applies an object: its controllers put their labels on all that they apply.</summary>
internal static class FluxOwner
{
    /// <summary>The Kustomization or HelmRelease; null when neither label is there.</summary>
    /// <param name="label">A label's value by its key; null where it is not set.</param>
    /// <param name="cluster">The cluster.</param>
    public static ResourceReference? Of(Func<string, string?> label, string cluster)
    {
        // A HelmRelease is nearer to the object than the Kustomization that carries the release.
        foreach (var (kind, group) in (ReadOnlySpan<(string, string)>)[(FluxKind.HelmRelease, FluxKind.HelmGroup), (FluxKind.Kustomization, FluxKind.KustomizeGroup)])
        {
            if (label($"{group}/name") is { } name && label($"{group}/namespace") is { } @namespace)
            {
                return new ResourceReference(cluster, kind, @namespace, name);
            }
        }

        return null;
    }

    /// <summary>As above, for a whole object.</summary>
    public static ResourceReference? Of(JsonObject item, string cluster) => Of(key => (string?)((item["metadata"] as JsonObject)?["labels"] as JsonObject)?[key], cluster);

    /// <summary>As above, for a whole object.</summary>
    public static ResourceReference? Of(JsonElement item, string cluster) => Of(
        key => item.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("labels", out var labels) && labels.ValueKind == JsonValueKind.Object
            && labels.TryGetProperty(key, out var value) ? value.GetString() : null,
        cluster);
}
