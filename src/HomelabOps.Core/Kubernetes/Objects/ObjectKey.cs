using System.Text.Json.Nodes;

namespace HomelabOps.Core.Kubernetes.Objects;

/// <summary>Names an object whatever version of its kind is served.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Kind">Kind.</param>
/// <param name="Namespace">Namespace; empty for cluster-scoped objects.</param>
/// <param name="Name">Name.</param>
internal sealed record ObjectKey(string Group, string Kind, string Namespace, string Name)
{
    /// <summary>The key of a whole object.</summary>
    public static ObjectKey Of(JsonObject item) => new(
        GroupOf(Text(item["apiVersion"])), Text(item["kind"]), Text((item["metadata"] as JsonObject)?["namespace"]), Text((item["metadata"] as JsonObject)?["name"]));

    /// <summary>A Secret of the core group.</summary>
    public bool IsSecret => this is { Group: "", Kind: "Secret" };

    /// <summary>The group of an apiVersion; empty for the core group.</summary>
    public static string GroupOf(string? apiVersion) => apiVersion?.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? apiVersion[..slash] : "";

    /// <summary>The object as others name it.</summary>
    public ResourceReference Reference(string cluster) => new(cluster, Kind, Namespace, Name);

    // A manifest may have anything there.
    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
