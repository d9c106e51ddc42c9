using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.Schemas;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>Namespaces that nobody creates, and objects that need one and have none.</summary>
internal sealed class NamespaceCheck : IManifestCheck
{
    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) => snapshot.Trees.SelectMany(tree => Absent(snapshot, tree)).Concat(Unset(snapshot));

    private static IEnumerable<HomelabFinding> Absent(ManifestSnapshot snapshot, FluxTree tree)
    {
        var made = Made(tree).Concat(ClusterNamespaces.Always).ToHashSet(StringComparer.Ordinal);
        return
            from node in tree.Nodes
            where !node.IsRemote
            from item in node.Objects
            let name = ObjectText.Namespace(item.Content)
            where NameRules.CheckLabel(name) is null && !made.Contains(name) && !ObjectText.IsUnknown(name) && snapshot.Schemas.IsNamespaced(item.Content) == true
            group item by name into users
            where !(tree.IsPartial && snapshot.Index.Find("Namespace", null, users.Key).Count > 0)
            let first = users.First()
            select Finding.Make(
                Severity(snapshot, tree, users.Key), "NamespaceAbsent", snapshot.Place(first, "metadata", "namespace"), ObjectText.Reference(first.Content), users.Key, Counted.Of(users.Count(), "object"))
                with { Evidence = [.. users.Take(10).Select(item => ObjectText.Reference(item.Content).ToString())] };
    }

    private static FindingSeverity Severity(ManifestSnapshot snapshot, FluxTree tree, string name) => snapshot.Cluster.Namespaces switch
    {
        { } known when known.Contains(name) => FindingSeverity.Info,
        _ when tree.IsOpen => FindingSeverity.Info,
        null => FindingSeverity.Warning,
        _ => FindingSeverity.Error,
    };

    private static IEnumerable<string> Made(FluxTree tree) => tree.ScopeObjects.Select(item => item.Content).Select(item =>
        ObjectText.Is(item, "", "Namespace") ? ObjectText.Name(item)
        : ObjectText.IsHelmRelease(item) && ObjectText.At(item, "spec", "install", "createNamespace") == "true"
            ? ObjectText.At(item, "spec", "targetNamespace") is { Length: > 0 } target ? target : ObjectText.Namespace(item)
        : "");

    private static IEnumerable<HomelabFinding> Unset(ManifestSnapshot snapshot) =>
        from entry in snapshot.Objects
        let item = entry.Item.Content
        where ObjectText.Namespace(item).Length == 0 && snapshot.Schemas.IsNamespaced(item) == true
        select Finding.Make(FindingSeverity.Error, "NamespaceUnset", snapshot.Place(entry.Item, "metadata"), ObjectText.Reference(item), ObjectText.Reference(item), entry.Node.Reference);
}
