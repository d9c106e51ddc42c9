using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.GitOps.Forest;

/// <summary>Builds single Kustomizations of a repository, with the values and artifacts that the repository holds.</summary>
internal sealed class FluxNodeBuilder
{
    private readonly RepositoryIndex _index;
    private readonly IBuildFiles _files;
    private readonly OwnSources _own;
    private readonly VariableSources _variables;
    private readonly Artifacts _artifacts;

    /// <summary>A builder for a repository as it was read.</summary>
    public FluxNodeBuilder(RepositoryIndex index, IBuildFiles files)
        : this(index, files, OwnSources.Find(index), new(index.Contents))
    {
    }

    private FluxNodeBuilder(RepositoryIndex index, IBuildFiles files, OwnSources own, VariableSources variables)
    {
        (_index, _files, _own, _variables) = (index, files, own, variables);
        _artifacts = new(index, files, own);
    }

    /// <summary>Which sources are this repository.</summary>
    public OwnSources Own => _own;

    /// <summary>A builder for the same repository with other content in some of its files.</summary>
    /// <param name="files">The files.</param>
    /// <param name="changed">Those of them that changed, read again.</param>
    public FluxNodeBuilder With(IBuildFiles files, IReadOnlyCollection<IndexedFile> changed)
    {
        var paths = changed.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var isSource = changed.Concat(_index.Contents.Where(file => paths.Contains(file.Path))).Any(VariableSources.IsSource);
        return new(_index, files, _own, isSource ? new([.. _index.Contents.Where(file => !paths.Contains(file.Path)), .. changed]) : _variables);
    }

    /// <summary>Builds a Kustomization; what it gives, or why it fails, is put into it.</summary>
    public void Build(FluxNode node)
    {
        var artifact = _artifacts.Find(node);
        IBuildFiles files = artifact is null ? _files : artifact;
        node.IsForeign = artifact is null && !_own.Contains(OwnSources.Key(node.Object));
        var path = ObjectText.At(node.Spec, "path");
        node.Folder = BuildPath.Combine("/", path) is { } full && files.Resolve(full) is { } resolved && files.IsFolder(resolved) ? resolved : null;
        node.RealFolder = artifact is null || node.Folder is null ? node.Folder : artifact.Real(node.Folder);
        if (node.IsForeign || node.Folder is null)
        {
            return;
        }

        try
        {
            var result = FluxBuild.Run(node.Object, files, FindVariables, unknown: OnUnknown);
            node.Objects = result.Objects;
            node.Files = [.. result.Files.Select(file => artifact is null ? file : artifact.Real(file) ?? file), .. KustomizationFiles(node)];
        }
        catch (HomelabException error)
        {
            node.Failure = error;
            node.Files = KustomizationFiles(node);
        }

        IReadOnlyDictionary<string, string>? FindVariables(string kind, string name)
        {
            var found = _variables.Find(kind, name);
            node.IsOpen |= found is null;
            return found;
        }

        string OnUnknown(BuiltObject item, string name, bool isOpen)
        {
            if (isOpen)
            {
                return $"${{{name}}}";
            }

            node.Unresolved.Add((item, name));
            return "";
        }
    }

    // The build does not tell the file of its own folder, and nothing at all when it fails.
    private IReadOnlyCollection<string> KustomizationFiles(FluxNode node) => node.RealFolder is { } folder
        ? _index.FilesBelow(folder, ObjectText.Node(node.Spec, "components") is JsonArray components ? components.Select(item => Scalars.Text(item) ?? "") : [])
        : [];
}
