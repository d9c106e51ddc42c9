using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Forest;

/// <summary>A Flux Kustomization as its parent applies it, with what its own build gives.</summary>
internal sealed class FluxNode
{
    /// <summary>The object, with what parents have patched and substituted in it.</summary>
    public required JsonObject Object { get; init; }

    /// <summary>The file that it is written in, as a path that begins with /.</summary>
    public required string? File { get; init; }

    /// <summary>The manifest in the file.</summary>
    public required YamlNode? Source { get; init; }

    /// <summary>The Kustomization that applies it; null for one that Flux was started with.</summary>
    public required FluxNode? Parent { get; init; }

    /// <summary>The Kustomization that this is another build of; null for one of the repository as it is.</summary>
    public FluxNode? Origin { get; init; }

    public string Name => ObjectText.Name(Object);

    public string Namespace => ObjectText.Namespace(Object);

    public string Key => $"{Namespace}/{Name}";

    public ResourceReference Reference => new(null, "Kustomization", Namespace, Name);

    public JsonObject Spec => Object["spec"] as JsonObject ?? [];

    /// <summary>Its source is another one than this repository, so what it applies is not known.</summary>
    public bool IsForeign { get; set; }

    /// <summary>It applies to another cluster.</summary>
    public bool IsRemote => Spec["kubeConfig"] is not null;

    /// <summary>The folder of spec.path; null when there is none.</summary>
    public string? Folder { get; set; }

    /// <summary>The same folder in the repository, where the source is an artifact of some of its folders.</summary>
    public string? RealFolder { get; set; }

    /// <summary>The line of its manifest; 0 where none is known.</summary>
    public long Line { get; init; }

    /// <summary>What the build gave; empty when it failed or was not possible.</summary>
    public IReadOnlyList<BuiltObject> Objects { get; set; } = [];

    /// <summary>Why the build failed; null when it did not.</summary>
    public HomelabException? Failure { get; set; }

    /// <summary>Variables without value and default, of Kustomizations whose sources of variables are all known.</summary>
    public IReadOnlyList<(BuiltObject Item, string Name)> Unresolved { get; set; } = [];

    /// <summary>Some sources of its variables are not in the repository.</summary>
    public bool IsOpen { get; set; }

    /// <summary>All files that take part in its build, as paths that begin with /.</summary>
    public IReadOnlyCollection<string> Files { get; set; } = [];

    /// <summary>It and all that apply it, the nearest first.</summary>
    public IEnumerable<FluxNode> Lineage()
    {
        for (var node = this; node is not null; node = node.Parent)
        {
            yield return node;
        }
    }

    /// <summary>The names in spec.dependsOn, as namespace/name, with their place in the list.</summary>
    public IEnumerable<(string Key, int Index)> DependsOn() => ObjectText.Dependencies(Object);

    /// <summary>The place of a field in the file.</summary>
    public ManifestPlace Place(params IEnumerable<string> path) => Source is null ? new(File) : ManifestPlace.Of(File, Source, path);
}
