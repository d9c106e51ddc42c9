using HomelabOps.Core.GitOps.Forest;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>
/// Objects that are applied before the definition of their kind. Within one Kustomization Flux applies definitions first and
/// waits for them; across Kustomizations only dependsOn does.
/// </summary>
internal sealed class DefinitionCheck : IManifestCheck
{
    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) => snapshot.Trees.SelectMany(tree => Run(snapshot, tree));

    private static IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot, FluxTree tree)
    {
        var definitions = tree.Nodes.SelectMany(node => node.Objects.Select(item => (Node: node, Definition: CustomDefinition.Read(item.Content))))
            .Where(entry => entry.Definition is not null).ToLookup(entry => (entry.Definition!.Group, entry.Definition.Kind), entry => entry.Node);
        if (definitions.Count == 0)
        {
            return [];
        }

        var before = new Dictionary<FluxNode, HashSet<FluxNode>>();
        return
            from node in tree.Nodes
            where !node.IsRemote
            from item in node.Objects
            let makers = definitions[(ObjectText.Group(item.Content), ObjectText.Kind(item.Content))].ToArray()
            where makers.Length > 0 && !Array.Exists(makers, maker => Before(tree, node, before).Contains(maker))
            group item by (Node: node, Maker: makers[0], Kind: ObjectText.Kind(item.Content)) into late
            let isReversed = Before(tree, late.Key.Maker, before).Contains(late.Key.Node)
            let first = late.First()
            select Finding.Make(
                isReversed ? FindingSeverity.Error : FindingSeverity.Warning, isReversed ? "DefinitionAfterUse" : "DefinitionUnordered", snapshot.Place(first),
                ObjectText.Reference(first.Content), late.Key.Kind, late.Key.Node.Reference, late.Key.Maker.Reference) with { RootCause = late.Key.Maker.Reference };
    }

    // What has been applied when a Kustomization begins: itself, what applies it, what any of these depends on, and what those apply.
    private static HashSet<FluxNode> Before(FluxTree tree, FluxNode node, Dictionary<FluxNode, HashSet<FluxNode>> known)
    {
        if (known.TryGetValue(node, out var result))
        {
            return result;
        }

        known[node] = result = [];
        var queue = new Queue<FluxNode>(node.Lineage());
        while (queue.TryDequeue(out var next))
        {
            if (!result.Add(next))
            {
                continue;
            }

            foreach (var dependency in next.DependsOn().Select(entry => tree.Find(entry.Key)).OfType<FluxNode>())
            {
                foreach (var applied in dependency.Lineage().Concat(tree.Nodes.Where(other => other.Lineage().Contains(dependency))))
                {
                    queue.Enqueue(applied);
                }
            }
        }

        return result;
    }
}
