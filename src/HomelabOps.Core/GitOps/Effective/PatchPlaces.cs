using System.Globalization;
using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>Finds fields in the patches of a kustomization.</summary>
/// <param name="layers">Reads the patches.</param>
internal sealed class PatchPlaces(KustomizationLayers layers)
{
    // Against the order in which they are applied.
    private static readonly string[] Fields = ["patchesJson6902", "patches", "patchesStrategicMerge"];

    /// <summary>The places of a field, the last patch first.</summary>
    /// <param name="layer">The kustomization.</param>
    /// <param name="kind">The object's kind.</param>
    /// <param name="names">The names that it has or had.</param>
    /// <param name="path">The field.</param>
    public IEnumerable<ValuePlace> Of(KustomizationLayer layer, string kind, IReadOnlyCollection<string> names, ObjectPath path) => Fields
        .SelectMany(field => layer.Patches(field, layers.Patches).Reverse())
        .SelectMany(patch => patch.Frame.Documents.Reverse().SelectMany(document => In(patch, document, kind, names, path)));

    private static IEnumerable<ValuePlace> In(LayerPatch patch, YamlDocument document, string kind, IReadOnlyCollection<string> names, ObjectPath path)
    {
        if (!patch.MayBeFor(document.Root, kind, names))
        {
            return [];
        }

        var found = document.Root.Items is { } operations
            ? operations.Select((operation, index) => Operation(operation, index, path)).Reverse()
            : [path.Find(document.Root)];
        return found.OfType<(YamlNode Node, YamlPath Path)>().Select(entry => patch.Frame.Place(document.Index, entry.Path, entry.Node, ManifestMechanism.KustomizePatch));
    }

    // A list's items are counted as they are when the patch is applied, which is not known here; the build proves which it was.
    private static (YamlNode Node, YamlPath Path)? Operation(YamlNode operation, int index, ObjectPath path)
    {
        if (operation.Find("op")?.Text is not ("add" or "replace" or "test") || operation.Find("path")?.Text is not { } pointer || operation.Find("value") is not { } value)
        {
            return null;
        }

        var parts = pointer.Split('/').Skip(1).Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToArray();
        if (parts.Length > path.Steps.Count || parts.Zip(path.Steps).Any(pair => pair.Second.Key is { } key ? key != pair.First : pair.First != "-" && !int.TryParse(pair.First, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            return null;
        }

        return path.From(parts.Length).Find(value) is var (node, below) ? (node, YamlPath.Of(index, "value").Then([.. below.Steps])) : null;
    }
}
