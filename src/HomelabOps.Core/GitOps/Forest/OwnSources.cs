using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Index;

namespace HomelabOps.Core.GitOps.Forest;

/// <summary>Which sources of Flux are this very repository. Nothing in a repository says so itself.</summary>
internal sealed class OwnSources
{
    // What flux bootstrap and the Flux operator call it.
    private static readonly string[] Bootstrapped = [.. new[] { "GitRepository", "OCIRepository", "Bucket" }.Select(kind => $"{kind}/flux-system/flux-system")];

    private readonly HashSet<string> _sources;

    private OwnSources(IEnumerable<string> sources) => _sources = new(sources, StringComparer.Ordinal);

    /// <summary>Finds the sources of a repository.</summary>
    public static OwnSources Find(RepositoryIndex index)
    {
        var result = new OwnSources(Bootstrapped);
        var fluxes = index.FluxKustomizations;
        if (!fluxes.Any(flux => result.Contains(flux.Source)))
        {
            // One that applies the file it stands in is nearly certain. Without any, what leads somewhere here is taken for ours.
            var certain = fluxes.Where(flux => flux.Files.Contains(flux.Object.File, StringComparer.Ordinal)).ToArray();
            var chosen = certain.Length > 0 ? certain : fluxes.Where(flux => flux.Folder is not null);
            result._sources.UnionWith(chosen.Select(flux => flux.Source).Where(source => !source.StartsWith("ExternalArtifact/", StringComparison.Ordinal)));
        }

        result.AddSameAddress(index);
        return result;
    }

    /// <summary>The source of a Kustomization, as kind/namespace/name.</summary>
    public static string Key(JsonObject kustomization)
    {
        var source = kustomization["spec"]?["sourceRef"];
        var own = ObjectText.At(source, "namespace");
        return $"{ObjectText.At(source, "kind")}/{(own.Length > 0 ? own : ObjectText.Namespace(kustomization))}/{ObjectText.At(source, "name")}";
    }

    /// <summary>Whether a source, as kind/namespace/name, is this repository. One without a namespace gets it from a build and is taken by its name.</summary>
    public bool Contains(string source) => _sources.Contains(source)
        || (source.Split('/') is [var kind, "", var name] && _sources.Any(own => own.StartsWith(kind + "/", StringComparison.Ordinal) && own.EndsWith("/" + name, StringComparison.Ordinal)));

    // A second object for the same address holds the same files, perhaps of another branch.
    private void AddSameAddress(RepositoryIndex index)
    {
        var sources = index.Contents.SelectMany(file => file.Objects).Where(item => item.Object.Kind is "GitRepository" or "OCIRepository")
            .Select(item => (Key: $"{item.Object.Kind}/{item.Object.Namespace}/{item.Object.Name}", Url: item.Node.Find("spec")?.Find("url")?.Text ?? "")).Where(source => source.Url.Length > 0).ToArray();
        var addresses = sources.Where(source => Contains(source.Key)).Select(source => source.Url).ToHashSet(StringComparer.OrdinalIgnoreCase);
        _sources.UnionWith(sources.Where(source => addresses.Contains(source.Url)).Select(source => source.Key));
    }
}
