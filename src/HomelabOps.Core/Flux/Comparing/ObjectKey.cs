using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Flux.Comparing;

/// <summary>Which object is meant, whatever the version of its type: as manifests and inventories of Kustomizations name it.</summary>
internal sealed record ObjectKey(string Group, string Kind, string Namespace, string Name)
{
    /// <summary>The key of a manifest.</summary>
    public static ObjectKey Of(JsonObject item)
    {
        var version = Scalars.Text(item["apiVersion"]) ?? "";
        var slash = version.IndexOf('/', StringComparison.Ordinal);
        var metadata = item["metadata"] as JsonObject;
        return new(slash < 0 ? "" : version[..slash], Scalars.Text(item["kind"]) ?? "", Scalars.Text(metadata?["namespace"]) ?? "", Scalars.Text(metadata?["name"]) ?? "");
    }

    /// <summary>The keys of a Kustomization's inventory. A colon in a name is written there as two underscores.</summary>
    public static IEnumerable<ObjectKey> Inventory(JsonObject kustomization)
    {
        foreach (var entry in kustomization["status"]?["inventory"]?["entries"] as JsonArray ?? [])
        {
            if (Scalars.Text(entry?["id"])?.Split('_') is { Length: >= 4 } parts)
            {
                yield return new(parts[^2], parts[^1], parts[0], string.Join('_', parts[1..^2]).Replace("__", ":", StringComparison.Ordinal));
            }
        }
    }

    /// <summary>A Secret of the core group.</summary>
    public bool IsSecret => this is { Group: "", Kind: "Secret" };

    /// <summary>The object as users name it.</summary>
    public ResourceReference In(string cluster) => new(cluster, Kind, Namespace, Name);
}
