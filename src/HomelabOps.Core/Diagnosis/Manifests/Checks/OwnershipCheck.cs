using HomelabOps.Core.GitOps.Forest;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>Objects that two Kustomizations of a cluster apply: each undoes what the other did, and one that prunes deletes the other's.</summary>
internal sealed class OwnershipCheck : IManifestCheck
{
    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) => snapshot.Trees.SelectMany(tree => Run(snapshot, tree));

    private static IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot, FluxTree tree) =>
        from node in tree.Nodes
        where !node.IsRemote
        from item in node.Objects
        where !ForestChange.IsSpared(item.Content)
        group (Node: node, Item: item) by (ObjectText.Group(item.Content), ObjectText.Reference(item.Content)) into same
        where same.DistinctBy(entry => entry.Node.Key).Skip(1).Any()
        let second = same.Last()
        let first = same.First()
        select Finding.Make(FindingSeverity.Warning, "ObjectOwnedTwice", snapshot.Place(second.Item), same.Key.Item2, same.Key.Item2, first.Node.Reference, second.Node.Reference)
            with { Evidence = [.. same.Select(entry => $"{entry.Node.Reference}: {snapshot.Place(entry.Item).File}")] };
}
