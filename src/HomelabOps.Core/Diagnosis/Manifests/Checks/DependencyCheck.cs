using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>dependsOn of Kustomizations and HelmReleases: names that do not exist, and circles.</summary>
internal sealed class DependencyCheck : IManifestCheck
{
    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) => snapshot.Trees.SelectMany(tree => Kustomizations(snapshot, tree).Concat(Releases(snapshot, tree)));

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

        var edges = tree.Nodes.ToDictionary(node => node.Key, node => node.DependsOn().Select(entry => entry.Key).ToArray(), StringComparer.Ordinal);
        foreach (var circle in Circles.Find(edges))
        {
            var node = tree.Find(circle[0])!;
            yield return Finding.Make(FindingSeverity.Error, "DependencyCycle", node.Place("spec", "dependsOn"), node.Reference, string.Join(" -> ", circle.Append(circle[0])));
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
