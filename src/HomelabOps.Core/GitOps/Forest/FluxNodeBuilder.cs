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
    private readonly bool _remembers;

    /// <summary>A builder for a repository as it was read.</summary>
    public FluxNodeBuilder(RepositoryIndex index, IBuildFiles files)
        : this(index, files, OwnSources.Find(index), new(index.Contents), remembers: true)
    {
    }

    private FluxNodeBuilder(RepositoryIndex index, IBuildFiles files, OwnSources own, VariableSources variables, bool remembers)
    {
        (_index, _files, _own, _variables, _remembers) = (index, files, own, variables, remembers);
        _artifacts = new(index, files, own);
    }

    /// <summary>Which sources are this repository.</summary>
    public OwnSources Own => _own;

    /// <summary>A builder for the same repository with other content in some of its files. What it builds is a trial and not remembered.</summary>
    /// <param name="files">The files.</param>
    /// <param name="changed">Those of them that changed, read again.</param>
    public FluxNodeBuilder With(IBuildFiles files, IReadOnlyCollection<IndexedFile> changed)
    {
        var paths = changed.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var isSource = changed.Concat(_index.Contents.Where(file => paths.Contains(file.Path))).Any(VariableSources.IsSource);
        return new(_index, files, _own, isSource ? new([.. _index.Contents.Where(file => !paths.Contains(file.Path)), .. changed]) : _variables, remembers: false);
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

        var build = _remembers
            ? BuildMemory.Get(files.Display("/") + node.Object.ToJsonString(), files, _variables.Find, (recorded, variables) => Run(node, recorded, variables))
            : Run(node, files, _variables.Find);
        (node.Objects, node.Failure) = (build.Result?.Objects ?? [], build.Failure);
        (node.Unresolved, node.IsOpen) = (build.Unresolved, build.IsOpen);
        node.Files = [.. (build.Result?.Files ?? []).Select(file => artifact is null ? file : artifact.Real(file) ?? file), .. KustomizationFiles(node)];
    }

    private static RememberedBuild Run(FluxNode node, IBuildFiles files, BuildMemory.Variables variables)
    {
        var (isOpen, unresolved) = (false, new List<(BuiltObject Item, string Name)>());
        try
        {
            return new(FluxBuild.Run(node.Object, files, Find, unknown: OnUnknown), null, unresolved, isOpen);
        }
        catch (HomelabException error)
        {
            return new(null, error, unresolved, isOpen);
        }

        IReadOnlyDictionary<string, string>? Find(string kind, string name)
        {
            var found = variables(kind, name);
            isOpen |= found is null;
            return found;
        }

        string OnUnknown(BuiltObject item, string name, bool mayBeKnown)
        {
            if (mayBeKnown)
            {
                return $"${{{name}}}";
            }

            unresolved.Add((item, name));
            return "";
        }
    }

    // The build does not tell the file of its own folder, and nothing at all when it fails.
    private IReadOnlyCollection<string> KustomizationFiles(FluxNode node) => node.RealFolder is { } folder
        ? _index.FilesBelow(folder, ObjectText.Node(node.Spec, "components") is JsonArray components ? components.Select(item => Scalars.Text(item) ?? "") : [])
        : [];
}
