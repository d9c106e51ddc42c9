using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>Entries of kustomization files that lead nowhere.</summary>
internal sealed class ReferenceCheck : IManifestCheck
{
    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) =>
        from file in snapshot.Index.Contents
        where file.Root is not null && !snapshot.IsInChart(file.Path)
        from reference in KustomizationReferences.Of(file.Root!)
        where !BuildPath.IsRemote(reference.Path) && !Exists(snapshot, file.Path, reference.Path)
        select Make(snapshot, file.Path, reference.Path, reference.Node);

    private static bool Exists(ManifestSnapshot snapshot, string file, string path) =>
        BuildPath.Combine(BuildPath.Folder(file), path) is { } full && snapshot.Files.Resolve(full) is not null;

    private static HomelabFinding Make(ManifestSnapshot snapshot, string file, string path, YamlNode node)
    {
        var users = snapshot.Nodes.Where(flux => flux.Files.Contains(file, StringComparer.Ordinal)).ToArray();
        return Finding.Make(users.Length > 0 ? FindingSeverity.Error : FindingSeverity.Warning, "FileMissing", ManifestPlace.Of(file, node), users.FirstOrDefault()?.Reference, path)
            with { Evidence = [.. users.Select(user => user.Reference.ToString())] };
    }
}
