using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>An application of a repository: a workload or a Helm release that a Flux Kustomization applies.</summary>
/// <param name="Node">The Kustomization.</param>
/// <param name="Index">The place of the object among those that the Kustomization builds, counted from 0.</param>
internal sealed record ManifestApp(FluxNode Node, int Index) : ManifestObject(Node, Index)
{
    public bool IsRelease => ObjectText.IsHelmRelease(Object);

    /// <summary>The name of the workload, or of the release in the cluster.</summary>
    public override string Name => IsRelease && ObjectText.At(Object, "spec", "releaseName") is { Length: > 0 } release ? release : ObjectText.Name(Object);

    /// <summary>The workload, or the HelmRelease as an object of the cluster, which may have another name than what it releases.</summary>
    public ResourceReference Reference => new(null, Kind, Namespace, ObjectText.Name(Object));

    /// <summary>The applications of some Kustomizations.</summary>
    public static IEnumerable<ManifestApp> AllOf(IEnumerable<FluxNode> nodes) =>
        nodes.Where(node => !node.IsForeign && !node.IsRemote).SelectMany(ManifestView.Objects).OfType<ManifestApp>();

    /// <summary>The applications that are new or otherwise with a change.</summary>
    /// <param name="before">The Kustomizations without it.</param>
    /// <param name="after">The Kustomizations with it.</param>
    public static IEnumerable<ResourceReference> Changed(IEnumerable<FluxNode> before, IEnumerable<FluxNode> after)
    {
        var former = AllOf(before).ToLookup(app => app.Reference, app => app.Object);
        return AllOf(after).Where(app => !former[app.Reference].Any(item => JsonNode.DeepEquals(item, app.Object))).Select(app => app.Reference).Distinct();
    }

    /// <summary>The applications that are written in some files.</summary>
    /// <param name="files">The repository.</param>
    /// <param name="isMeant">Which files, as paths of the repository.</param>
    public static IEnumerable<ResourceReference> In(IBuildFiles files, Func<string, bool> isMeant) =>
        AllOf(FluxForest.Nodes(files)).Where(app => app.Item.File is { } file && isMeant(file.TrimStart('/'))).Select(app => app.Reference).Distinct();

    /// <summary>Whether an object is one that has pods for an application.</summary>
    public static bool IsApp(JsonObject item) => ObjectText.IsHelmRelease(item)
        || ObjectText.Is(item, "batch", "CronJob")
        || (ObjectText.Group(item) == "apps" && ObjectText.Kind(item) is "Deployment" or "StatefulSet" or "DaemonSet");

    /// <summary>Whether it goes by a name: its own, that of its object, or of a workload that its chart makes of it.</summary>
    public bool IsCalled(string name) => Name == name || ObjectText.Name(Object) == name
        || (IsRelease && name.StartsWith(Name + "-", StringComparison.Ordinal) && (ObjectText.Node(Object, "spec", "values", "controllers") as JsonObject)?.ContainsKey(name[(Name.Length + 1)..]) == true);
}
