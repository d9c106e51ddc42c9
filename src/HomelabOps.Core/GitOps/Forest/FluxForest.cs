using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Forest;

/// <summary>
/// Builds all Flux Kustomizations of a repository from the top down, as Flux does: a child is taken as its parent's build
/// gives it, with what was patched and substituted on the way.
/// </summary>
internal sealed class FluxForest
{
    private readonly RepositoryIndex _index;
    private readonly IBuildFiles _files;
    private readonly VariableSources _variables;
    private readonly CancellationToken _cancellation;
    private readonly List<FluxTree> _trees = [];
    private readonly HashSet<(string? File, long Line)> _reached = [];
    private readonly OwnSources _own;
    private readonly Artifacts _artifacts;
    private readonly Dictionary<(string File, long Line), YamlNode> _manifests;

    private FluxForest(RepositoryIndex index, IBuildFiles files, CancellationToken cancellation)
    {
        (_index, _files, _cancellation) = (index, files, cancellation);
        _variables = new(index.Contents);
        _manifests = index.Contents.SelectMany(file => file.Objects).DistinctBy(item => (item.Object.File, item.Object.Line)).ToDictionary(item => (item.Object.File, item.Object.Line), item => item.Node);
        _own = OwnSources.Find(index);
        _artifacts = new(index, files, _own);
    }

    /// <summary>The trees, one for each Kustomization that no other applies.</summary>
    public static IReadOnlyList<FluxTree> Build(RepositoryIndex index, IBuildFiles files, CancellationToken cancellation)
    {
        var forest = new FluxForest(index, files, cancellation);
        foreach (var root in forest.Roots())
        {
            forest.Plant(root);
        }

        // What is left hangs below a build that failed, or applies itself in a circle.
        foreach (var left in index.FluxKustomizations.Where(flux => !forest._reached.Contains((flux.Object.File, flux.Object.Line))))
        {
            forest.Plant(left);
        }

        foreach (var tree in forest._trees)
        {
            tree.Scope = [.. forest._trees.Where(tree.MayBeOneWith)];
        }

        return forest._trees;
    }

    private IEnumerable<IndexedFlux> Roots() => _index.FluxKustomizations.Where(flux => !_index.FluxKustomizations.Any(other =>
        !ReferenceEquals(other, flux) && _own.Contains(other.Source) && other.Files.Contains(flux.Object.File, StringComparer.Ordinal)));

    private void Plant(IndexedFlux flux)
    {
        if (!_reached.Add((flux.Object.File, flux.Object.Line)) || RawManifest.Read(_manifests[(flux.Object.File, flux.Object.Line)]) is not { } raw)
        {
            return;
        }

        var tree = new FluxTree();
        _trees.Add(tree);
        Grow(tree, raw, flux.Object.File, flux.Object.Line, null);
    }

    private void Grow(FluxTree tree, JsonObject content, string? file, long line, FluxNode? parent)
    {
        _cancellation.ThrowIfCancellationRequested();
        var node = new FluxNode { Object = content, File = file, Source = file is null ? null : _manifests.GetValueOrDefault((file, line)), Parent = parent };
        _reached.Add((file, line));
        if (!tree.Add(node))
        {
            return;
        }

        BuildNode(node);
        foreach (var child in node.Objects.Where(item => ObjectText.IsFluxKustomization(item.Content)))
        {
            Grow(tree, child.Content, child.File is null ? null : "/" + child.File, child.Line, node);
        }
    }

    private void BuildNode(FluxNode node)
    {
        var artifact = _artifacts.Find(node);
        IBuildFiles files = artifact is null ? _files : artifact;
        node.IsForeign = artifact is null && !_own.Contains(OwnSources.Key(node.Object));
        var path = ObjectText.At(node.Spec, "path");
        node.Folder = BuildPath.Combine("/", path) is { } full && files.Resolve(full) is { } resolved && files.IsFolder(resolved) ? resolved : null;
        if (node.IsForeign || node.Folder is null)
        {
            return;
        }

        try
        {
            var result = FluxBuild.Run(node.Object, files, FindVariables, unknown: OnUnknown);
            node.Objects = result.Objects;
            node.Files = [.. result.Files.Select(file => artifact is null ? file : artifact.Real(file) ?? file), .. KustomizationFiles(node, artifact)];
        }
        catch (HomelabException error)
        {
            node.Failure = error;
            node.Files = KustomizationFiles(node, artifact);
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
    private IReadOnlyCollection<string> KustomizationFiles(FluxNode node, ArtifactFiles? artifact) => (artifact is null ? node.Folder : artifact.Real(node.Folder!)) is { } folder
        ? _index.FilesBelow(folder, ObjectText.Node(node.Spec, "components") is JsonArray components ? components.Select(item => Scalars.Text(item) ?? "") : [])
        : [];
}
