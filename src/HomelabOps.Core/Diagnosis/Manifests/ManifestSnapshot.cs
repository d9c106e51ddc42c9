using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.Diagnosis.Manifests;

/// <summary>All that the checks look at, read and built once.</summary>
internal sealed class ManifestSnapshot
{
    private readonly Dictionary<(string File, long Line), YamlNode> _manifests;

    private ManifestSnapshot(IBuildFiles files, RepositoryIndex index, IReadOnlyList<FluxTree> trees, ClusterFacts cluster)
    {
        (Files, Index, Trees, Cluster) = (files, index, trees, cluster);
        var objects = index.Contents.SelectMany(file => file.Objects).ToArray();
        _manifests = objects.DistinctBy(item => (item.Object.File, item.Object.Line)).ToDictionary(item => (item.Object.File, item.Object.Line), item => item.Node);
        Schemas = new SchemaCatalogue(
            cluster.NamedDefinitions,
            objects.Where(item => item.Object.Kind == "CustomResourceDefinition").Select(item => RawManifest.Read(item.Node)).OfType<JsonObject>(),
            cluster.Definitions);
        Applied = trees.SelectMany(tree => tree.Nodes).SelectMany(node => node.Files).ToHashSet(StringComparer.Ordinal);
    }

    public IBuildFiles Files { get; }

    public RepositoryIndex Index { get; }

    public IReadOnlyList<FluxTree> Trees { get; }

    /// <summary>The content of a file as it was pushed last; null when it was not there, or nothing is known of the past.</summary>
    public Func<string, byte[]?> Pushed { get; init; } = static _ => null;

    /// <summary>What is known from elsewhere than the repository.</summary>
    public ClusterFacts Cluster { get; }

    public SchemaCatalogue Schemas { get; }

    /// <summary>The files that Flux applies something from.</summary>
    public IReadOnlySet<string> Applied { get; }

    /// <summary>All Kustomizations of all clusters.</summary>
    public IEnumerable<FluxNode> Nodes => Trees.SelectMany(tree => tree.Nodes);

    /// <summary>All objects with the Kustomization that applies them.</summary>
    public IEnumerable<(FluxTree Tree, FluxNode Node, BuiltObject Item)> Objects =>
        Trees.SelectMany(tree => tree.Nodes.SelectMany(node => node.Objects.Select(item => (tree, node, item))));

    /// <summary>Reads and builds a repository.</summary>
    /// <param name="files">The repository.</param>
    /// <param name="cluster">What is known beside it.</param>
    /// <param name="pushed">The content of a file as it was pushed last; null where that is not known.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static ManifestSnapshot Read(IBuildFiles files, ClusterFacts cluster, Func<string, byte[]?>? pushed, CancellationToken cancellation)
    {
        var cached = new CachedFiles(files);
        var index = RepositoryIndex.Read(cached, cancellation);
        return new(cached, index, FluxForest.Build(index, cached, cancellation), cluster) { Pushed = pushed ?? (static _ => null) };
    }

    /// <summary>Whether the cluster gets such an object from the repository. Where not all could be built, what is written anywhere counts.</summary>
    public bool Exists(FluxTree tree, string kind, string @namespace, string name) =>
        tree.Find(kind, @namespace, name).Any() || (tree.IsPartial && Index.Find(kind, @namespace, name).Count > 0);

    /// <summary>A file belongs to a Helm chart, whose templates are not YAML.</summary>
    public bool IsInChart(string file)
    {
        for (var folder = BuildPath.Folder(file); folder.Length > 1; folder = BuildPath.Folder(folder))
        {
            if (Files.Resolve(folder + "/Chart.yaml") is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The text of a file.</summary>
    public string Text(string file) => Encoding.UTF8.GetString(Files.Read(file));

    /// <summary>The place of a field of a built object, as near as its manifest has it.</summary>
    public ManifestPlace Place(BuiltObject item, params IEnumerable<string> path) =>
        item.File is null ? default : _manifests.GetValueOrDefault(("/" + item.File, item.Line)) is { } node ? ManifestPlace.Of(item.File, node, path) : new(item.File, item.Line);
}
