using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>A repository, read and built: its applications with the values that Flux applies. It can be built again with other content in some files.</summary>
internal sealed class ManifestView
{
    private readonly FluxNodeBuilder _builder;
    private readonly IReadOnlyList<ValuePattern> _patterns;
    private readonly Dictionary<string, IndexedFile> _indexed;
    private readonly Dictionary<(string File, long Line), (IndexedObject Object, YamlNode Node)> _manifests = [];
    private readonly ConcurrentDictionary<FluxNode, FluxNode> _raw = [];
    private readonly ConcurrentDictionary<string, TextFrame> _frames = new(StringComparer.Ordinal);

    private ManifestView(IBuildFiles files, RepositoryIndex index, IReadOnlyList<ValuePattern> patterns, CancellationToken cancellation)
    {
        (Files, Index, _patterns) = (files, index, patterns);
        _builder = new(index, files);
        Trees = FluxForest.Build(index, _builder, cancellation);
        _indexed = index.Contents.ToDictionary(file => file.Path, StringComparer.Ordinal);
        foreach (var item in index.Contents.SelectMany(file => file.Objects))
        {
            _manifests.TryAdd((item.Object.File, item.Object.Line), item);
        }

        Apps = [.. Trees.SelectMany(tree => tree.Nodes).SelectMany(node => node.Objects.Index().Where(item => ManifestApp.IsApp(item.Item.Content)).Select(item => new ManifestApp(node, item.Index)))];
    }

    public IBuildFiles Files { get; }

    public RepositoryIndex Index { get; }

    public IReadOnlyList<FluxTree> Trees { get; }

    /// <summary>Kustomizations that cannot be built, of whose applications nothing is known.</summary>
    public IReadOnlyList<FluxNode> Unbuilt => [.. Trees.SelectMany(tree => tree.Nodes).Where(node => node.Failure is not null)];

    /// <summary>Says that a Kustomization cannot be built.</summary>
    public static Notice UnbuiltNotice(FluxNode node) => new WarningNotice(Errors.Text("Notice_KustomizationUnbuilt", node.Reference, node.Failure!.Message));

    /// <summary>All applications, in the order in which they are applied.</summary>
    public IReadOnlyList<ManifestApp> Apps { get; }

    /// <summary>Reads and builds a repository.</summary>
    /// <param name="files">Its files.</param>
    /// <param name="patterns">Where charts have their values, besides the usual places.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static ManifestView Read(IBuildFiles files, IEnumerable<ValuePattern> patterns, CancellationToken cancellation = default)
    {
        var cached = new CachedFiles(files);
        return new(cached, RepositoryIndex.Read(cached, cancellation), [.. patterns, .. ValuePattern.Usual], cancellation);
    }

    /// <summary>The fields of an application.</summary>
    public IReadOnlyList<AppField> Fields(ManifestApp app) => [.. app.IsRelease
        ? ReleaseFields.Of(Values(app.Node, app.Object), _patterns)
        : WorkloadFields.Of(app.Object, Raw(app.Node).Objects[app.Index].Content)];

    /// <summary>What fields of an application are found in: the object, or all values of a release.</summary>
    public JsonObject Content(ManifestObject item) => item is ManifestApp { IsRelease: true } ? Values(item.Node, item.Object) : item.Object;

    /// <summary>All objects that a Kustomization builds.</summary>
    public static IEnumerable<ManifestObject> Objects(FluxNode node) => Enumerable.Range(0, node.Objects.Count).Select(index => ManifestObject.Of(node, index));

    /// <summary>A file as the index has it; null for what is no YAML.</summary>
    public IndexedFile? Indexed(string file) => _indexed.GetValueOrDefault(file);

    /// <summary>The text of a file.</summary>
    public TextFrame Frame(string file) => _frames.GetOrAdd(file, path => TextFrame.Of(path, Encoding.UTF8.GetString(Files.Read(path)).TrimStart('\uFEFF')));

    /// <summary>An object as it is written, by its file and line.</summary>
    public (IndexedObject Object, YamlNode Node)? Manifest(string? file, long line) =>
        file is not null && _manifests.TryGetValue((file, line), out var found) ? found : null;

    /// <summary>The same Kustomization without its variables put in; its objects are in the same order.</summary>
    public FluxNode Raw(FluxNode node) => node.Spec["postBuild"] is null ? node : _raw.GetOrAdd(node, BuildRaw);

    /// <summary>The ConfigMap of a name beside an object, with the Kustomization that applies it.</summary>
    public (FluxNode Node, int Index)? ConfigMap(FluxNode node, string @namespace, string name)
    {
        foreach (var other in Trees.Where(tree => tree.Nodes.Contains(node)).SelectMany(tree => tree.Scope).SelectMany(tree => tree.Nodes).OrderBy(other => other != node))
        {
            var index = IndexOf(other.Objects, "ConfigMap", @namespace, name);
            if (index >= 0)
            {
                return (other, index);
            }
        }

        return null;
    }

    /// <summary>Builds a Kustomization anew with other content in some files, and what applies it where that changes too.</summary>
    /// <exception cref="HomelabException">The build fails.</exception>
    public FluxNode Rebuild(FluxNode node, OverlayFiles overlay)
    {
        IndexedFile[] changed = [.. overlay.Changed.Where(_indexed.ContainsKey).Select(path => IndexedFile.Read(overlay, path))];
        if (changed.FirstOrDefault(file => file.Problem is not null) is { Problem: { } problem })
        {
            throw Errors.ManifestInvalid(problem.File.TrimStart('/'), problem.Line, problem.Column, problem.Text);
        }

        return Rebuild(node, _builder.With(overlay, changed), changed, overlay);
    }

    /// <summary>Whether a Kustomization may be another one after a change of some files.</summary>
    public bool IsAffected(FluxNode node, OverlayFiles overlay) => overlay.Changed.Any(path => node.Lineage().Any(one => one.File == path || one.Files.Contains(path)))
        || overlay.Changed.Any(path => _indexed.TryGetValue(path, out var file) && VariableSources.IsSource(file));

    /// <summary>An object as another build of its Kustomization has it; null when it is gone.</summary>
    public static T? Same<T>(T item, FluxNode rebuilt)
        where T : ManifestObject
    {
        var (space, name) = (ObjectText.Namespace(item.Object), ObjectText.Name(item.Object));
        var index = item.Index < rebuilt.Objects.Count && IsSame(rebuilt.Objects[item.Index].Content, item.Kind, space, name) ? item.Index : IndexOf(rebuilt.Objects, item.Kind, space, name);
        if (index < 0 && rebuilt.Objects.Count == item.Node.Objects.Count && ObjectText.Kind(rebuilt.Objects[item.Index].Content) == item.Kind)
        {
            // It has another name now.
            index = item.Index;
        }

        return index < 0 ? null : item with { Node = rebuilt, Index = index };
    }

    // What it applies itself comes first: of another build that is what may have changed.
    private JsonObject Values(FluxNode node, JsonObject release)
    {
        var space = ObjectText.Namespace(release);
        return ReleaseValues.Of(release, name => IndexOf(node.Objects, "ConfigMap", space, name) is >= 0 and var index
            ? node.Objects[index].Content
            : ConfigMap(node.Origin ?? node, space, name) is var (other, place) ? other.Objects[place].Content : null);
    }

    private FluxNode Rebuild(FluxNode node, FluxNodeBuilder builder, IReadOnlyList<IndexedFile> changed, OverlayFiles overlay)
    {
        var rebuilt = new FluxNode { Object = ObjectOf(node, builder, changed, overlay), File = node.File, Line = node.Line, Source = node.Source, Parent = node.Parent, Origin = node };
        builder.Build(rebuilt);
        return rebuilt.Failure is null ? rebuilt : throw rebuilt.Failure;
    }

    private JsonObject ObjectOf(FluxNode node, FluxNodeBuilder builder, IReadOnlyList<IndexedFile> changed, OverlayFiles overlay)
    {
        if (node.Parent is not { } parent)
        {
            var written = changed.FirstOrDefault(file => file.Path == node.File)?.Objects.FirstOrDefault(item => item.Object.Kind == "Kustomization" && item.Object.Name == node.Name && item.Object.Namespace == node.Namespace);
            return written is { Node: { } manifest } ? RawManifest.Read(manifest) ?? node.Object : node.Object;
        }

        if (!IsAffected(parent, overlay))
        {
            return node.Object;
        }

        var objects = Rebuild(parent, builder, changed, overlay).Objects;
        return objects.Select(item => item.Content).FirstOrDefault(item => ObjectText.IsFluxKustomization(item) && IsSame(item, "Kustomization", node.Namespace, node.Name)) ?? node.Object;
    }

    private FluxNode BuildRaw(FluxNode node)
    {
        var copy = (JsonObject)node.Object.DeepClone();
        (copy["spec"] as JsonObject)?.Remove("postBuild");
        var raw = new FluxNode { Object = copy, File = node.File, Line = node.Line, Source = node.Source, Parent = node.Parent, Origin = node };
        _builder.Build(raw);
        return raw.Objects.Count == node.Objects.Count ? raw : node;
    }

    private static int IndexOf(IReadOnlyList<BuiltObject> objects, string kind, string @namespace, string name) =>
        objects.Index().Where(item => IsSame(item.Item.Content, kind, @namespace, name)).Select(item => item.Index).DefaultIfEmpty(-1).First();

    private static bool IsSame(JsonObject item, string kind, string @namespace, string name) =>
        ObjectText.Name(item) == name && ObjectText.Kind(item) == kind && ObjectText.Namespace(item) == @namespace;
}
