using HomelabOps.Core.GitOps.Yaml;
using HomelabOps.Core.GitOps.Editing;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>What one kustomization file, or the spec of a Flux Kustomization, changes in objects.</summary>
/// <param name="Folder">The folder that its paths count from.</param>
/// <param name="Root">Its content.</param>
/// <param name="Places">Where a node of it is written; of several the one that wins first.</param>
internal sealed record KustomizationLayer(string Folder, YamlNode Root, Func<YamlPath, YamlNode, IEnumerable<ValuePlace>> Places)
{
    private readonly Dictionary<string, IReadOnlyList<LayerPatch>> _patches = new(StringComparer.Ordinal);

    /// <summary>The entries of a list.</summary>
    public IEnumerable<(YamlNode Entry, YamlPath Path)> Entries(string field) => (Root.Find(field)?.Items ?? []).Select((entry, index) => (entry, YamlPath.Of(field, index)));

    /// <summary>The patches of a field, read once.</summary>
    public IReadOnlyList<LayerPatch> Patches(string field, Func<KustomizationLayer, string, IEnumerable<LayerPatch>> read)
    {
        if (!_patches.TryGetValue(field, out var patches))
        {
            _patches[field] = patches = [.. read(this, field)];
        }

        return patches;
    }
}
