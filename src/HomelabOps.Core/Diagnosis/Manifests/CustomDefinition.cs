using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.Schemas;

namespace HomelabOps.Core.Diagnosis.Manifests;

/// <summary>A CustomResourceDefinition as far as objects are held against it.</summary>
internal sealed record CustomDefinition(string Group, string Kind, bool IsNamespaced, IReadOnlyList<CustomVersion> Versions)
{
    /// <summary>Reads a definition; null when it is none, or lacks what makes one.</summary>
    public static CustomDefinition? Read(JsonObject item)
    {
        var spec = item["spec"] as JsonObject;
        var (group, kind) = (ObjectText.At(spec, "group"), ObjectText.At(spec, "names", "kind"));
        return ObjectText.Kind(item) != "CustomResourceDefinition" || group.Length == 0 || kind.Length == 0
            ? null
            : new(group, kind, ObjectText.At(spec, "scope") == "Namespaced", [.. ObjectText.Items(spec?["versions"]).Select(version => Version(version.Item))]);
    }

    public CustomVersion? Find(string version) => Versions.FirstOrDefault(known => known.Name == version);

    private static CustomVersion Version(JsonObject version) => new(
        ObjectText.At(version, "name"),
        ObjectText.At(version, "served") != "false",
        ObjectText.At(version, "deprecated") == "true",
        version["schema"]?["openAPIV3Schema"] is JsonObject schema ? CustomSchema.Read(schema) : null);
}

/// <summary>A version of a custom kind.</summary>
internal sealed record CustomVersion(string Name, bool IsServed, bool IsDeprecated, Schema? Schema);
