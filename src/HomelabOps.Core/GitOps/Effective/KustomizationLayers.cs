using System.Text;
using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>Finds the kustomization files that a Flux Kustomization builds, the one that has the last word first.</summary>
/// <param name="view">The repository.</param>
internal sealed class KustomizationLayers(ManifestView view)
{
    private readonly Dictionary<string, KustomizationLayer?> _files = new(StringComparer.Ordinal);

    /// <summary>The layers of a Kustomization: its own spec, its folder's file, then what that names, from the last to the first.</summary>
    /// <param name="node">The Kustomization.</param>
    /// <param name="spec">Where a node of its spec is written.</param>
    public IReadOnlyList<KustomizationLayer> Of(FluxNode node, Func<YamlPath, YamlNode, IEnumerable<ValuePlace>> spec)
    {
        if (node.RealFolder is not { } real)
        {
            return [];
        }

        var root = FluxSpec.Node(node.Key, node.Object);
        var result = new List<KustomizationLayer> { new(real, root, spec) };
        foreach (var component in (root.Find("components")?.Items ?? []).AsEnumerable().Reverse())
        {
            Collect(real, component.Text, result);
        }

        if (FileIn(real) is { } file)
        {
            Collect(file, result);
        }
        else
        {
            // A folder without a file of its own is built of all that lies below it.
            foreach (var below in FluxFolder.Scan(view.Files, real).Where(view.Files.IsFolder).Reverse())
            {
                Collect(real, below[(real.Length == 1 ? 1 : real.Length + 1)..], result);
            }
        }

        return result;
    }

    /// <summary>The patches of a field of a layer, in their order.</summary>
    public IEnumerable<LayerPatch> Patches(KustomizationLayer layer, string field)
    {
        foreach (var (entry, path) in layer.Entries(field))
        {
            // patchesStrategicMerge has texts and paths where the others have entries.
            var inline = entry.Text is null ? entry.Find("patch") : entry.Text.Contains('\n', StringComparison.Ordinal) ? entry : null;
            if (inline is { Text.Length: > 0 })
            {
                foreach (var place in layer.Places(entry.Text is null ? path.Then("patch") : path, inline))
                {
                    yield return new(TextFrame.At(place), entry.Find("target"));
                }
            }
            else if ((entry.Text ?? entry.Find("path")?.Text) is { } relative && Resolve(layer.Folder, relative) is { } file && !view.Files.IsFolder(file))
            {
                yield return new(TextFrame.Of(file, Encoding.UTF8.GetString(view.Files.Read(file))), entry.Find("target"));
            }
        }
    }

    private void Collect(string folder, string? relative, List<KustomizationLayer> result)
    {
        if (relative is not null && Resolve(folder, relative) is { } path && view.Files.IsFolder(path) && FileIn(path) is { } file)
        {
            Collect(file, result);
        }
    }

    private void Collect(string file, List<KustomizationLayer> result)
    {
        if (Layer(file) is not { } layer || result.Contains(layer))
        {
            return;
        }

        result.Add(layer);
        foreach (var field in new[] { "components", "resources", "bases" })
        {
            foreach (var (entry, _) in layer.Entries(field).Reverse())
            {
                Collect(layer.Folder, entry.Text, result);
            }
        }
    }

    private KustomizationLayer? Layer(string file)
    {
        if (!_files.TryGetValue(file, out var layer))
        {
            _files[file] = layer = view.Indexed(file) is { Root: { } root, Documents: [var document, ..] }
                ? new(BuildPath.Folder(file), root, (path, node) => [view.Frame(file).Place(document.Index, path, node, ManifestMechanism.KustomizePatch)])
                : null;
        }

        return layer;
    }

    private string? FileIn(string folder) => FluxFolder.FileOf(view.Files, folder) is { } file ? view.Files.Resolve(file) : null;

    private string? Resolve(string folder, string relative) => BuildPath.IsRemote(relative) ? null : BuildPath.Combine(folder, relative) is { } path ? view.Files.Resolve(path) : null;
}
