using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>dependsOn of Kustomizations and HelmReleases: names that do not exist, and circles.</summary>
internal sealed class DependencyCheck : IManifestCheck
{
    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) => snapshot.Trees.SelectMany(tree => Kustomizations(snapshot, tree).Concat(Releases(snapshot, tree))).Concat(BetweenTrees(snapshot));

    // What nothing applies is a tree of its own. Names that several trees have are those of different clusters.
    private static IEnumerable<HomelabFinding> BetweenTrees(ManifestSnapshot snapshot)
    {
        var trees = snapshot.Trees.SelectMany(tree => tree.Nodes.Select(node => (tree, node))).ToLookup(pair => pair.node.Key, StringComparer.Ordinal);
        var nodes = trees.Where(same => same.Count() == 1).ToDictionary(same => same.Key, same => same.Single(), StringComparer.Ordinal);
        var circles = Circles.Find(nodes.ToDictionary(pair => pair.Key, pair => Edges(pair.Value.node), StringComparer.Ordinal));
        return circles.Where(circle => circle.Any(key => nodes[key].tree != nodes[circle[0]].tree)).Select(circle => Cycle(nodes[circle[0]].node, circle));
    }

    private static string[] Edges(FluxNode node) => [.. node.DependsOn().Select(entry => entry.Key)];

    private static HomelabFinding Cycle(FluxNode node, IReadOnlyList<string> circle) =>
        Finding.Make(FindingSeverity.Error, "DependencyCycle", node.Place("spec", "dependsOn"), node.Reference, string.Join(" -> ", circle.Append(circle[0])));

    private static IEnumerable<HomelabFinding> Kustomizations(ManifestSnapshot snapshot, FluxTree tree)
    {
        foreach (var node in tree.Nodes)
        {
            foreach (var (key, index) in node.DependsOn().Where(entry => !ObjectText.IsUnknown(entry.Key)))
            {
                var place = node.Place(Path(index));
                if (tree.Find(key) is null)
                {
                    if (Unknown(snapshot, tree, "Kustomization", key, node.Reference, place) is { } unknown)
                    {
                        yield return unknown;
                    }
                }
                else if (node.Lineage().Skip(1).FirstOrDefault(parent => parent.Key == key && ObjectText.At(parent.Spec, "wait") == "true") is { } parent)
                {
                    yield return Finding.Make(FindingSeverity.Error, "DependencyOnParent", place, node.Reference, node.Reference, parent.Reference);
                }
            }
        }

        foreach (var circle in Circles.Find(tree.Nodes.ToDictionary(node => node.Key, Edges, StringComparer.Ordinal)))
        {
            yield return Cycle(tree.Find(circle[0])!, circle);
        }
    }

    private static IEnumerable<HomelabFinding> Releases(ManifestSnapshot snapshot, FluxTree tree)
    {
        var releases = tree.Nodes.SelectMany(node => node.Objects).Where(item => ObjectText.IsHelmRelease(item.Content)).ToArray();
        foreach (var item in releases)
        {
            foreach (var (key, index) in ObjectText.Dependencies(item.Content).Where(entry => !ObjectText.IsUnknown(entry.Key)))
            {
                if (Unknown(snapshot, tree, "HelmRelease", key, ObjectText.Reference(item.Content), snapshot.Place(item, Path(index))) is { } unknown)
                {
                    yield return unknown;
                }
            }
        }

        var byKey = releases.DistinctBy(item => Key(item.Content)).ToDictionary(item => Key(item.Content), StringComparer.Ordinal);
        foreach (var circle in Circles.Find(byKey.ToDictionary(pair => pair.Key, pair => ObjectText.Dependencies(pair.Value.Content).Select(entry => entry.Key).ToArray(), StringComparer.Ordinal)))
        {
            var item = byKey[circle[0]];
            yield return Finding.Make(
                FindingSeverity.Error, "DependencyCycle", snapshot.Place(item, "spec", "dependsOn"), ObjectText.Reference(item.Content), string.Join(" -> ", circle.Append(circle[0])));
        }
    }

    private static HomelabFinding? Unknown(ManifestSnapshot snapshot, FluxTree tree, string kind, string key, ResourceReference from, ManifestPlace place)
    {
        var (@namespace, name) = (key[..key.IndexOf('/', StringComparison.Ordinal)], key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        if (snapshot.Exists(tree, kind, @namespace, name))
        {
            return null;
        }

        var wanted = new ResourceReference(null, kind, @namespace, name);
        return Finding.Make(tree.IsOpen ? FindingSeverity.Info : FindingSeverity.Error, "DependencyUnknown", place, from, from, wanted) with { RootCause = wanted };
    }

    private static string Key(JsonObject item) => $"{ObjectText.Namespace(item)}/{ObjectText.Name(item)}";

    private static string[] Path(int index) => ["spec", "dependsOn", index.ToString(CultureInfo.InvariantCulture), "name"];
}
