using System.Buffers;
using System.Globalization;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>Where HelmReleases take their charts and values from.</summary>
internal sealed class ChartCheck : IManifestCheck
{
    // A generated name ends in a hash of ten of these.
    private static readonly SearchValues<char> HashLetters = SearchValues.Create("2456789bcdfghkmt");

    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) =>
        from entry in snapshot.Objects
        where ObjectText.IsHelmRelease(entry.Item.Content)
        from finding in Chart(snapshot, entry.Tree, entry.Item).Concat(Values(snapshot, entry.Tree, entry.Item))
        select finding;

    private static IEnumerable<HomelabFinding> Chart(ManifestSnapshot snapshot, FluxTree tree, BuiltObject item)
    {
        var release = ObjectText.Reference(item.Content);
        var (chart, reference) = (ObjectText.Node(item.Content, "spec", "chart"), ObjectText.Node(item.Content, "spec", "chartRef"));
        if (chart is null == reference is null)
        {
            yield return Finding.Make(FindingSeverity.Error, "ChartInvalid", snapshot.Place(item, "spec", chart is null ? "" : "chartRef"), release, release);
            yield break;
        }

        string[] path = chart is null ? ["spec", "chartRef"] : ["spec", "chart", "spec", "sourceRef"];
        var source = ObjectText.Node(item.Content, path);
        var own = ObjectText.At(source, "namespace");
        var wanted = new ResourceReference(null, ObjectText.At(source, "kind"), own.Length > 0 ? own : release.Namespace, ObjectText.At(source, "name"));
        var isKnown = wanted.Kind == "ExternalArtifact" || wanted is { Namespace: "flux-system", Name: "flux-system" } || ObjectText.IsUnknown(wanted.ToString());
        if (!isKnown && !snapshot.Exists(tree, wanted.Kind, wanted.Namespace, wanted.Name))
        {
            yield return Finding.Make(tree.IsOpen ? FindingSeverity.Info : FindingSeverity.Error, "ChartSourceUnknown", snapshot.Place(item, [.. path, "name"]), release, release, wanted)
                with { RootCause = wanted };
        }
    }

    // A Secret may be made by many things; a ConfigMap of this name with a hash behind it shows what was meant.
    private static IEnumerable<HomelabFinding> Values(ManifestSnapshot snapshot, FluxTree tree, BuiltObject item)
    {
        var release = ObjectText.Reference(item.Content);
        foreach (var (source, index) in ObjectText.Items(ObjectText.Node(item.Content, "spec", "valuesFrom")))
        {
            var wanted = new ResourceReference(null, ObjectText.At(source, "kind"), release.Namespace, ObjectText.At(source, "name"));
            if (wanted.Name.Length == 0 || ObjectText.At(source, "optional") == "true" || ObjectText.IsUnknown(wanted.Name) || snapshot.Exists(tree, wanted.Kind, wanted.Namespace, wanted.Name))
            {
                continue;
            }

            var place = snapshot.Place(item, "spec", "valuesFrom", index.ToString(CultureInfo.InvariantCulture), "name");
            var hashed = tree.ScopeObjects.Select(other => ObjectText.Reference(other.Content)).FirstOrDefault(other => other.Kind == wanted.Kind && other.Namespace == wanted.Namespace && IsHashed(other.Name, wanted.Name));
            if (hashed is not null)
            {
                yield return Finding.Make(FindingSeverity.Error, "ValuesNameHashed", place, release, release, wanted, hashed.Name);
            }
            else if (wanted.Kind == "ConfigMap")
            {
                yield return Finding.Make(FindingSeverity.Info, "ValuesUnknown", place, release, release, wanted);
            }
        }
    }

    private static bool IsHashed(string name, string plain) =>
        name.Length == plain.Length + 11 && name.StartsWith(plain + "-", StringComparison.Ordinal) && name.AsSpan(plain.Length + 1).IndexOfAnyExcept(HashLetters) < 0;
}
