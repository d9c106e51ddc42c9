using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>
/// Manifests and kustomizations that were forgotten: they lie below a folder that Flux applies, and nothing names them. What
/// lies elsewhere may be applied in some other way.
/// </summary>
internal sealed class UnreferencedCheck : IManifestCheck
{
    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot)
    {
        // A path that only the cluster knows may lead to anything.
        if (snapshot.Nodes.Any(node => ObjectText.IsUnknown(ObjectText.At(node.Spec, "path"))))
        {
            return [];
        }

        return snapshot.Index.Contents.Where(file => !snapshot.Applied.Contains(file.Path) && !snapshot.IsInChart(file.Path))
            .Select(file => file.IsKustomization ? Folder(snapshot, file) : Manifest(snapshot, file)).OfType<HomelabFinding>();
    }

    private static HomelabFinding? Manifest(ManifestSnapshot snapshot, IndexedFile file)
    {
        if (file.Objects.Count == 0 || snapshot.Index.ReferencedBy(file.Path).Count > 0 || AppliedAbove(snapshot, BuildPath.Folder(file.Path)) is not { } above || IsSwitchedOff(snapshot, above, file.Path))
        {
            return null;
        }

        var first = file.Objects[0];
        var names = string.Join(", ", file.Objects.Select(item => $"{item.Object.Kind} {item.Object.Name}"));
        return Finding.Make(
            FindingSeverity.Warning, "FileUnreferenced", ManifestPlace.Of(file.Path, first.Node), new(null, first.Object.Kind, first.Object.Namespace, first.Object.Name), names, snapshot.Files.Display(above));
    }

    private static HomelabFinding? Folder(ManifestSnapshot snapshot, IndexedFile file)
    {
        var folder = BuildPath.Folder(file.Path);
        var isFluxOwn = snapshot.Files.Resolve(folder + "/gotk-components.yaml") is not null;
        if (folder == "/" || isFluxOwn || snapshot.Index.ReferencedBy(folder).Count > 0 || AppliedAbove(snapshot, BuildPath.Folder(folder)) is not { } above || IsSwitchedOff(snapshot, above, folder))
        {
            return null;
        }

        // Another grouping of what is applied in its own way loses nothing.
        var lost = snapshot.Index.FilesBelow(folder, []).Where(path => !snapshot.Applied.Contains(path)).ToHashSet(StringComparer.Ordinal);
        return snapshot.Index.Contents.Any(item => item.Objects.Count > 0 && lost.Contains(item.Path))
            ? Finding.Make(FindingSeverity.Warning, "FolderUnreferenced", new(file.Path, 1), null, snapshot.Files.Display(folder), snapshot.Files.Display(above))
            : null;
    }

    // An entry that became a comment was left out on purpose.
    private static bool IsSwitchedOff(ManifestSnapshot snapshot, string kustomization, string path)
    {
        var folder = BuildPath.Folder(kustomization);
        var entry = path[(folder.Length == 1 ? 1 : folder.Length + 1)..];
        return snapshot.Text(kustomization).Split('\n').Any(line => line.IndexOf('#', StringComparison.Ordinal) is >= 0 and var comment && line.AsSpan(comment).TrimEnd().TrimEnd('/').EndsWith(entry, StringComparison.Ordinal));
    }

    // The nearest kustomization file of this folder or one above, if Flux applies it.
    private static string? AppliedAbove(ManifestSnapshot snapshot, string folder)
    {
        while (true)
        {
            if (FluxFolder.FileOf(snapshot.Files, folder) is { } file)
            {
                return snapshot.Applied.Contains(file) ? file : null;
            }

            if (folder == "/")
            {
                return null;
            }

            folder = BuildPath.Folder(folder);
        }
    }
}
