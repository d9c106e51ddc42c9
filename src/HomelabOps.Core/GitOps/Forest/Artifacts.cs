using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.GitOps.Forest;

/// <summary>The ArtifactGenerators of a repository, which split it into artifacts for Kustomizations.</summary>
internal sealed class Artifacts(RepositoryIndex index, IBuildFiles files, OwnSources own)
{
    private const string Everything = "/**";

    private readonly (string File, JsonObject Object)[] _generators =
    [
        .. index.Contents.SelectMany(file => file.Objects).Where(item => item.Object.Kind == "ArtifactGenerator")
            .Select(item => (item.Object.File, Object: RawManifest.Read(item.Node))).Where(item => item.Object is not null).Select(item => (item.File, item.Object!)),
    ];

    /// <summary>The files of a Kustomization's source; null unless it is an artifact that is made of this repository's folders only.</summary>
    public ArtifactFiles? Find(FluxNode node)
    {
        if (OwnSources.Key(node.Object).Split('/') is not ["ExternalArtifact", var space, var name])
        {
            return null;
        }

        // Clusters of one repository have generators of the same name, each beside its Kustomizations.
        var found = _generators.Where(item => ObjectText.Namespace(item.Object) == space).OrderByDescending(item => Common(item.File, node.File ?? ""))
            .Select(item => (item.Object, Artifact: ObjectText.Items(ObjectText.Node(item.Object, "spec", "artifacts")).FirstOrDefault(entry => ObjectText.At(entry.Item, "name") == name).Item))
            .FirstOrDefault(item => item.Artifact is not null);
        var copies = found.Artifact is null ? [] : ObjectText.Items(found.Artifact["copy"]).Select(copy => Copy(found.Object, copy.Item)).ToArray();
        return copies.Length > 0 && Array.TrueForAll(copies, copy => copy is not null) ? new(files, [.. copies.Select(copy => copy!.Value)]) : null;
    }

    private (string To, string From)? Copy(JsonObject generator, JsonObject copy)
    {
        var (from, to) = (ObjectText.At(copy, "from"), ObjectText.At(copy, "to"));
        var alias = from.Split('/')[0];
        var source = ObjectText.Items(ObjectText.Node(generator, "spec", "sources")).FirstOrDefault(entry => "@" + ObjectText.At(entry.Item, "alias") == alias).Item;
        if (source is null || copy.ContainsKey("exclude") || !own.Contains(Key(source, generator)) || !to.StartsWith("@artifact/", StringComparison.Ordinal) || BuildPath.Combine("/", to["@artifact/".Length..]) is not { } target)
        {
            return null;
        }

        var path = from[alias.Length..];
        return path.EndsWith(Everything, StringComparison.Ordinal) && !path[..^Everything.Length].Contains('*', StringComparison.Ordinal) && BuildPath.Combine("/", path[..^Everything.Length]) is { } folder
            ? (target, folder)
            : null;
    }

    private static string Key(JsonObject source, JsonObject generator) =>
        $"{ObjectText.At(source, "kind")}/{(ObjectText.At(source, "namespace") is { Length: > 0 } space ? space : ObjectText.Namespace(generator))}/{ObjectText.At(source, "name")}";

    private static int Common(string left, string right) => left.Zip(right).TakeWhile(pair => pair.First == pair.Second).Count();
}
