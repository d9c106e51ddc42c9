using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.GitOps.Forest;

/// <summary>Reads what nearly all checks ask of an object. What is not there or not text is empty.</summary>
internal static class ObjectText
{
    public static string Kind(JsonObject item) => Scalars.Text(item["kind"]) ?? "";

    public static string ApiVersion(JsonObject item) => Scalars.Text(item["apiVersion"]) ?? "";

    public static string Group(JsonObject item) => ResourceId.Split(ApiVersion(item)).Group;

    public static string Name(JsonObject item) => At(item, "metadata", "name");

    public static string Namespace(JsonObject item) => At(item, "metadata", "namespace");

    public static ResourceReference Reference(JsonObject item) => new(null, Kind(item), Namespace(item), Name(item));

    public static string At(JsonNode? item, params ReadOnlySpan<string> path) => Scalars.Text(Node(item, path)) ?? "";

    public static JsonNode? Node(JsonNode? item, params ReadOnlySpan<string> path)
    {
        foreach (var part in path)
        {
            item = (item as JsonObject)?[part];
        }

        return item;
    }

    /// <summary>The objects of a list.</summary>
    public static IEnumerable<(JsonObject Item, int Index)> Items(JsonNode? list) =>
        (list as JsonArray ?? []).Select((item, index) => (Item: item as JsonObject, Index: index)).Where(pair => pair.Item is not null).Select(pair => (pair.Item!, pair.Index));

    public static bool Is(JsonObject item, string group, string kind) => Kind(item) == kind && Group(item) == group;

    /// <summary>A Kustomization of Flux.</summary>
    public static bool IsFluxKustomization(JsonObject item) => Is(item, "kustomize.toolkit.fluxcd.io", "Kustomization");

    public static bool IsHelmRelease(JsonObject item) => Is(item, "helm.toolkit.fluxcd.io", "HelmRelease");

    /// <summary>spec.dependsOn as namespace/name, with the place in the list.</summary>
    public static IEnumerable<(string Key, int Index)> Dependencies(JsonObject item) => Items(item["spec"]?["dependsOn"])
        .Select(entry => ($"{(At(entry.Item, "namespace") is { Length: > 0 } own ? own : Namespace(item))}/{At(entry.Item, "name")}", entry.Index));

    /// <summary>An annotation or label of this name has this value.</summary>
    public static bool IsMarked(JsonObject item, string key, params ReadOnlySpan<string> values) =>
        values.Contains(At(item, "metadata", "annotations", key)) || values.Contains(At(item, "metadata", "labels", key));

    /// <summary>SOPS has encrypted it, so that its values are not to be read here.</summary>
    public static bool IsEncrypted(JsonObject item) => item.ContainsKey("sops");

    /// <summary>It holds what only the cluster knows: a variable, or what SOPS has encrypted.</summary>
    public static bool IsUnknown(string text) => text.Contains("${", StringComparison.Ordinal) || text.StartsWith("ENC[", StringComparison.Ordinal);
}
