using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>Keys that a mapping has twice: in a manifest the build refuses them, in a kustomization file the last one wins unseen.</summary>
internal sealed class RepeatedKeyCheck : IManifestCheck
{
    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) => snapshot.Index.Contents
        .Where(file => file.IsKustomization || file.Objects.Count > 0 || snapshot.Applied.Contains(file.Path))
        .SelectMany(file => file.Documents.SelectMany(document => Repeated(document.Root, [])).Select(key => Make(snapshot, file, key)));

    private static HomelabFinding Make(ManifestSnapshot snapshot, IndexedFile file, YamlNode key) => Finding.Make(
        file.IsKustomization || !snapshot.Applied.Contains(file.Path) ? FindingSeverity.Warning : FindingSeverity.Error,
        "KeyRepeated", ManifestPlace.Of(file.Path, key), null, key.Text);

    // An alias shares the node of its anchor, which is to be looked at once.
    private static IEnumerable<YamlNode> Repeated(YamlNode node, HashSet<YamlNode> seen)
    {
        if (!seen.Add(node))
        {
            yield break;
        }

        var keys = new HashSet<string?>(StringComparer.Ordinal);
        foreach (var (key, value) in node.Entries ?? [])
        {
            if (key.Text is not null && !keys.Add(key.Text))
            {
                yield return key;
            }

            foreach (var below in Repeated(value, seen))
            {
                yield return below;
            }
        }

        foreach (var below in (node.Items ?? []).SelectMany(item => Repeated(item, seen)))
        {
            yield return below;
        }
    }
}
