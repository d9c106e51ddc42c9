using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>Variables of postBuild that nothing sets, and expressions that nothing substitutes and no API server takes.</summary>
internal sealed class VariableCheck : IManifestCheck
{
    private static readonly string[][] Names = [["metadata", "name"], ["metadata", "namespace"]];
    private static readonly string[][] FluxNames = [["spec", "path"], ["spec", "sourceRef", "name"], ["spec", "targetNamespace"]];

    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) => snapshot.Nodes.SelectMany(node => Unset(snapshot, node).Concat(Left(snapshot, node)));

    private static IEnumerable<HomelabFinding> Unset(ManifestSnapshot snapshot, FluxNode node) => node.Unresolved
        .DistinctBy(entry => (entry.Item.File, entry.Item.Line, entry.Name))
        .Select(entry => Finding.Make(
            FindingSeverity.Warning, "VariableUnset", Place(snapshot, entry.Item, entry.Name), ObjectText.Reference(entry.Item.Content), entry.Name, node.Reference));

    private static IEnumerable<HomelabFinding> Left(ManifestSnapshot snapshot, FluxNode node) =>
        from item in node.Objects
        where !node.IsOpen
        from path in ObjectText.IsFluxKustomization(item.Content) ? [.. Names, .. FluxNames] : Names
        let text = ObjectText.At(item.Content, path)
        where text.Contains("${", StringComparison.Ordinal)
        select Finding.Make(FindingSeverity.Error, "VariableLeft", snapshot.Place(item, path), ObjectText.Reference(item.Content), text, string.Join('.', path), node.Reference);

    // A build does not keep the places of values, so the expression is looked for in the manifest's text.
    private static ManifestPlace Place(ManifestSnapshot snapshot, BuiltObject item, string name)
    {
        if (item.File is null || item.Line == 0)
        {
            return new(item.File);
        }

        var lines = snapshot.Text("/" + item.File).Split('\n');
        for (var line = item.Line; line <= lines.Length; line++)
        {
            if (lines[line - 1].IndexOf("${" + name, StringComparison.Ordinal) is >= 0 and var column)
            {
                return new(item.File, line, column + 1);
            }
        }

        return new(item.File, item.Line);
    }
}
