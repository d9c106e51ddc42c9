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
    private readonly CancellationToken _cancellation;
    private readonly List<FluxTree> _trees = [];
    private readonly HashSet<(string? File, long Line)> _reached = [];
    private readonly FluxNodeBuilder _builder;
    private readonly Dictionary<(string File, long Line), YamlNode> _manifests;

    private FluxForest(RepositoryIndex index, FluxNodeBuilder builder, CancellationToken cancellation)
    {
        (_index, _builder, _cancellation) = (index, builder, cancellation);
        _manifests = index.Contents.SelectMany(file => file.Objects).DistinctBy(item => (item.Object.File, item.Object.Line)).ToDictionary(item => (item.Object.File, item.Object.Line), item => item.Node);
    }

    /// <summary>The trees, one for each Kustomization that no other applies.</summary>
    public static IReadOnlyList<FluxTree> Build(RepositoryIndex index, IBuildFiles files, CancellationToken cancellation) => Build(index, new FluxNodeBuilder(index, files), cancellation);

    /// <summary>All Kustomizations of a repository that is read for this alone, such as one with the changes of an edit.</summary>
    public static IReadOnlyList<FluxNode> Nodes(IBuildFiles files) => [.. Trees(files).SelectMany(tree => tree.Nodes)];

    /// <summary>The same, cluster by cluster.</summary>
    public static IReadOnlyList<FluxTree> Trees(IBuildFiles files)
    {
        var cached = new CachedFiles(files);
        return Build(RepositoryIndex.Read(cached), cached, CancellationToken.None);
    }

    /// <summary>The same, with the builder that is used again.</summary>
    public static IReadOnlyList<FluxTree> Build(RepositoryIndex index, FluxNodeBuilder builder, CancellationToken cancellation)
    {
        var forest = new FluxForest(index, builder, cancellation);
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
        !ReferenceEquals(other, flux) && _builder.Own.Contains(other.Source) && other.Files.Contains(flux.Object.File, StringComparer.Ordinal)));

    private void Plant(IndexedFlux flux)
    {
        if (!_reached.Add((flux.Object.File, flux.Object.Line)) || RawManifest.Read(_manifests[(flux.Object.File, flux.Object.Line)]) is not { } raw)
        {
            return;
        }

        var tree = new FluxTree();
        _trees.Add(tree);
        var root = Node(raw, flux.Object.File, flux.Object.Line, null);
        tree.Add(root);
        _builder.Build(root);
        Grow(tree, root);
    }

    // Siblings know nothing of each other, so they are built at the same time.
    private void Grow(FluxTree tree, FluxNode node)
    {
        var children = node.Objects.Where(item => ObjectText.IsFluxKustomization(item.Content))
            .Select(child => Node(child.Content, child.File is null ? null : "/" + child.File, child.Line, node)).Where(tree.Add).ToArray();
        Parallel.ForEach(children, new ParallelOptions { CancellationToken = _cancellation }, _builder.Build);
        foreach (var child in children)
        {
            Grow(tree, child);
        }
    }

    private FluxNode Node(JsonObject content, string? file, long line, FluxNode? parent)
    {
        _reached.Add((file, line));
        return new() { Object = content, File = file, Line = line, Source = file is null ? null : _manifests.GetValueOrDefault((file, line)), Parent = parent };
    }
}
