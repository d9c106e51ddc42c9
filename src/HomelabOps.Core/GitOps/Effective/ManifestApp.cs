using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>An application of a repository: a workload or a Helm release that a Flux Kustomization applies.</summary>
/// <param name="Node">The Kustomization.</param>
/// <param name="Index">The place of the object among those that the Kustomization builds, counted from 0.</param>
internal sealed record ManifestApp(FluxNode Node, int Index) : ManifestObject(Node, Index)
{
    public bool IsRelease => ObjectText.IsHelmRelease(Object);

    /// <summary>The name of the workload, or of the release in the cluster.</summary>
    public override string Name => IsRelease && ObjectText.At(Object, "spec", "releaseName") is { Length: > 0 } release ? release : ObjectText.Name(Object);

    /// <summary>Whether an object is one that has pods for an application.</summary>
    public static bool IsApp(JsonObject item) => ObjectText.IsHelmRelease(item)
        || ObjectText.Is(item, "batch", "CronJob")
        || (ObjectText.Group(item) == "apps" && ObjectText.Kind(item) is "Deployment" or "StatefulSet" or "DaemonSet");

    /// <summary>Whether it goes by a name: its own, that of its object, or of a workload that its chart makes of it.</summary>
    public bool IsCalled(string name) => Name == name || ObjectText.Name(Object) == name
        || (IsRelease && name.StartsWith(Name + "-", StringComparison.Ordinal) && (ObjectText.Node(Object, "spec", "values", "controllers") as JsonObject)?.ContainsKey(name[(Name.Length + 1)..]) == true);
}
