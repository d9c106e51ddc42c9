using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Recovery.Restoring;

/// <summary>Finds the live objects of manifests.</summary>
internal static class RestoreTypes
{
    public static ResourceType Secret { get; } = new("", "v1", "secrets", "Secret", true);

    /// <summary>The live object; null where it is not there, or its kind is not served.</summary>
    public static async Task<JsonObject?> FindAsync(ClusterClient client, JsonObject manifest, CancellationToken cancellationToken)
    {
        var version = Scalars.Text(manifest["apiVersion"]) ?? "";
        var group = version.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? version[..slash] : "";
        try
        {
            var type = (await client.Discovery.ResourcesAsync([group], cancellationToken)).FirstOrDefault(served => served.Kind == ObjectText.Kind(manifest))?.Type;
            return type is null ? null : await client.FindObjectAsync(type, type.Namespaced ? ObjectText.Namespace(manifest) : null, ObjectText.Name(manifest), cancellationToken);
        }
        catch (HomelabException error) when (error.Id is nameof(Errors.ResourceTypeNotServed))
        {
            return null;
        }
    }
}
