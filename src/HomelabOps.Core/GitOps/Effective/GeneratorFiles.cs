using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;
using System.Text.Json.Nodes;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>Finds the files that a ConfigMap is generated of.</summary>
internal static class GeneratorFiles
{
    /// <summary>The files that may hold the value of a key.</summary>
    /// <param name="view">The repository.</param>
    /// <param name="layers">The kustomization files that may have the generator.</param>
    /// <param name="map">The ConfigMap as it is built.</param>
    /// <param name="key">The key.</param>
    public static IEnumerable<TextFrame> Find(ManifestView view, IEnumerable<KustomizationLayer> layers, JsonObject map, string key)
    {
        var name = ObjectText.Name(map);
        foreach (var layer in layers)
        {
            // The name gets prefixes and a hash.
            foreach (var (entry, _) in layer.Entries("configMapGenerator").Where(entry => entry.Entry.Find("name")?.Text is { Length: > 0 } of && name.Contains(of, StringComparison.Ordinal)))
            {
                foreach (var text in (entry.Find("files")?.Items ?? []).Select(file => file.Text).OfType<string>())
                {
                    var (of, path) = text.IndexOf('=', StringComparison.Ordinal) is >= 0 and var equals ? (text[..equals], text[(equals + 1)..]) : (BuildPath.Name(text), text);
                    if (of == key && BuildPath.Combine(layer.Folder, path) is { } full && view.Files.Resolve(full) is { } file && !view.Files.IsFolder(file))
                    {
                        yield return view.Frame(file);
                    }
                }
            }
        }
    }
}
