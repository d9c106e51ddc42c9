using HomelabOps.Core.GitOps.Forest;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>spec.path and spec.sourceRef of Kustomizations.</summary>
internal sealed class SourceCheck : IManifestCheck
{
    private static readonly string[] Kinds = ["GitRepository", "OCIRepository", "Bucket", "ExternalArtifact"];

    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) =>
        snapshot.Trees.SelectMany(tree => tree.Nodes.Select(node => Check(snapshot, tree, node)).OfType<HomelabFinding>());

    private static HomelabFinding? Check(ManifestSnapshot snapshot, FluxTree tree, FluxNode node)
    {
        if (!node.IsForeign)
        {
            var path = ObjectText.At(node.Spec, "path");
            return node.Folder is null && !ObjectText.IsUnknown(path)
                ? Finding.Make(FindingSeverity.Error, "PathMissing", node.Place("spec", "path"), node.Reference, node.Reference, path)
                : null;
        }

        var parts = OwnSources.Key(node.Object).Split('/');
        var (kind, source) = (parts[0], new ResourceReference(null, parts[0], parts[1], parts[2]));
        if (Array.IndexOf(Kinds, kind) < 0)
        {
            return Finding.Make(FindingSeverity.Error, "SourceKindInvalid", node.Place("spec", "sourceRef", "kind"), node.Reference, kind, string.Join(", ", Kinds));
        }

        if (parts.Skip(1).Any(ObjectText.IsUnknown) || snapshot.Exists(tree, kind, source.Namespace, source.Name) || (kind == "ExternalArtifact" && IsGenerated(snapshot, source)))
        {
            return null;
        }

        return Finding.Make(tree.HasGenerators ? FindingSeverity.Info : FindingSeverity.Error, "SourceUnknown", node.Place("spec", "sourceRef", "name"), node.Reference, node.Reference, source)
            with { RootCause = source };
    }

    // As written: the generator may be in the folder that Flux was started with, which nothing here applies.
    private static bool IsGenerated(ManifestSnapshot snapshot, ResourceReference artifact) => snapshot.Index.Contents.SelectMany(file => file.Objects)
        .Where(item => item.Object.Kind == "ArtifactGenerator" && (item.Object.Namespace.Length == 0 || item.Object.Namespace == artifact.Namespace))
        .SelectMany(item => item.Node.Find("spec")?.Find("artifacts")?.Items ?? []).Any(entry => entry.Find("name")?.Text == artifact.Name);
}
