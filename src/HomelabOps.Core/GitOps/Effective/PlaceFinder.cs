using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>
/// Finds the places that the value of a field may come from, the one that has the last word first. These are guesses by what
/// is written; which of them it is, a build proves.
/// </summary>
internal sealed class PlaceFinder
{
    private static readonly ObjectPath Values = ObjectPath.Of("spec", "values");

    // What is encoded in a Secret is no text to edit.
    private static readonly string[] OfMaps = ["data"], OfSecrets = ["stringData"];

    private readonly ManifestView _view;
    private readonly KustomizationLayers _layers;
    private readonly PatchPlaces _patches;
    private readonly Dictionary<FluxNode, IReadOnlyList<KustomizationLayer>> _byNode = [];

    public PlaceFinder(ManifestView view)
    {
        _view = view;
        _layers = new(view);
        _patches = new(_layers);
    }

    /// <summary>Something of a Kustomization's build can copy values from elsewhere, so that what is written in one place need not come from there.</summary>
    public bool HasReplacements(FluxNode node) => Layers(node).Any(layer => layer.Root.Find("replacements") is not null);

    /// <summary>The places of a field's scalar, or of the mapping at a path.</summary>
    /// <param name="item">The object.</param>
    /// <param name="scalar">The scalar.</param>
    /// <param name="part">The part of an image that is meant.</param>
    public IEnumerable<ValuePlace> Find(ManifestObject item, FieldScalar scalar, ImagePart part)
    {
        if (item is not ManifestApp { IsRelease: true } app)
        {
            return Of(item.Node, item.Index, scalar, part);
        }

        var own = Of(app.Node, app.Index, scalar with { Path = new([.. Values.Steps, .. scalar.Path.Steps]) }, part);
        return own.Concat(ReleaseValues.Sources(app.Object).Reverse().SelectMany(source => FromMap(app, source, scalar)))
            .Select(place => place.Mechanism == ManifestMechanism.Manifest ? place with { Mechanism = ManifestMechanism.HelmValues } : place);
    }

    private IReadOnlyList<KustomizationLayer> Layers(FluxNode node)
    {
        if (!_byNode.TryGetValue(node, out var layers))
        {
            _byNode[node] = layers = _layers.Of(node, (path, found) => OfKustomization(node, ObjectPath.Of("spec"), path, found.Text));
        }

        return layers;
    }

    // Where a field of a Kustomization of Flux is written: what its parent builds is found as every other object.
    private IEnumerable<ValuePlace> OfKustomization(FluxNode node, ObjectPath before, YamlPath path, string? text)
    {
        var full = path.Steps.Aggregate(before, (way, step) => step is int index ? way.Then(index, null) : way.Then((string)step));
        var scalar = new FieldScalar(full, ScalarRole.Plain, text ?? "");
        if (node.Parent is not { } parent)
        {
            return Own(node.File, node.Line, full);
        }

        var index = parent.Objects.Index().FirstOrDefault(item => ReferenceEquals(item.Item.Content, node.Object), (-1, null!)).Index;
        return index < 0 ? [] : Of(parent, index, scalar, ImagePart.Name);
    }

    private IEnumerable<ValuePlace> Of(FluxNode node, int index, FieldScalar scalar, ImagePart part)
    {
        var raw = _view.Raw(node).Objects[index];
        var isImage = scalar.Role == ScalarRole.Image;
        var written = Written(node, raw, node.Objects[index].Content, scalar, part).Select(place => isImage && place.Mechanism is not ManifestMechanism.KustomizeImages ? place with { IsImage = true } : place);
        if (Scalars.Text(scalar.Path.Find(raw.Content)) is not { } text || text == Scalars.Text(scalar.Path.Find(node.Objects[index].Content)))
        {
            return written;
        }

        // What is a whole name of an image in the text is one in the variable.
        var all = written.ToArray();
        return Variables.Names(text)
            .SelectMany(name => Variable(node, name).Concat(all.Where(place => place.Text is { } where && Variables.Default(where, name) is not null).Select(place => place with { Variable = name }))
                .Select(place => place with { Mechanism = ManifestMechanism.Substitution, IsImage = isImage && Variables.Pattern().Match(text) is { Index: 0 } match && match.Length == text.Length }))
            .Concat(all);
    }

    // The Kustomization's own value wins over those of its sources, and of those the later one.
    private IEnumerable<ValuePlace> Variable(FluxNode node, string name)
    {
        var postBuild = node.Spec["postBuild"];
        if (ObjectText.Node(postBuild, "substitute", name) is JsonValue own)
        {
            foreach (var place in OfKustomization(node, ObjectPath.Of("spec", "postBuild", "substitute", name), YamlPath.Root, Scalars.Text(own)))
            {
                yield return place;
            }
        }

        foreach (var (source, _) in ObjectText.Items(ObjectText.Node(postBuild, "substituteFrom")).Reverse())
        {
            var (kind, of) = (ObjectText.At(source, "kind"), ObjectText.At(source, "name"));
            foreach (var map in _view.Index.Objects.Where(item => item.Kind == kind && item.Name == of))
            {
                foreach (var place in (kind == "ConfigMap" ? OfMaps : OfSecrets).SelectMany(field => Own(map.File, map.Line, ObjectPath.Of(field, name))))
                {
                    yield return place;
                }
            }
        }
    }

    private IEnumerable<ValuePlace> Written(FluxNode node, BuiltObject raw, JsonObject final, FieldScalar scalar, ImagePart part)
    {
        var manifest = _view.Manifest(raw.File is null ? null : "/" + raw.File, raw.Line);
        var names = new[] { ObjectText.Name(final), ObjectText.Name(raw.Content), manifest?.Object.Name }.OfType<string>().ToHashSet(StringComparer.Ordinal);
        var own = Own(raw.File is null ? null : "/" + raw.File, raw.Line, scalar.Path).ToArray();
        var images = scalar.Role == ScalarRole.Image ? ImageEntries(node, [scalar.Text, Scalars.Text(scalar.Path.Find(raw.Content)) ?? "", .. own.Select(place => place.Text ?? "")]) : [];
        foreach (var layer in Layers(node))
        {
            foreach (var place in images.Where(entry => entry.Layer == layer).Reverse().SelectMany(entry => Field(layer, entry.Entry, entry.Path, part switch { ImagePart.Name => "newName", ImagePart.Tag => "newTag", _ => "digest" }, ManifestMechanism.KustomizeImages)))
            {
                yield return place;
            }

            foreach (var (entry, path) in layer.Entries("replicas").Where(entry => scalar.Role == ScalarRole.Replicas && names.Contains(entry.Entry.Find("name")?.Text ?? "")).Reverse())
            {
                foreach (var place in Field(layer, entry, path, "count", ManifestMechanism.KustomizeReplicas))
                {
                    yield return place;
                }
            }

            foreach (var place in _patches.Of(layer, ObjectText.Kind(final), names, scalar.Path))
            {
                yield return place;
            }
        }

        foreach (var place in own)
        {
            yield return place;
        }
    }

    // Entries that name the image, or what an entry before has made of it.
    private List<(KustomizationLayer Layer, YamlNode Entry, YamlPath Path)> ImageEntries(FluxNode node, IReadOnlyList<string> texts)
    {
        var all = Layers(node).Reverse().SelectMany(layer => layer.Entries("images").Select(entry => (Layer: layer, entry.Entry, entry.Path))).ToArray();
        var names = texts.Where(text => text.Length > 0).Select(text => ImageReference.Parse(text).Name).ToHashSet(StringComparer.Ordinal);
        var found = new List<(KustomizationLayer, YamlNode, YamlPath)>();
        foreach (var entry in all.Where(entry => entry.Entry.Find("name")?.Text is { } name && ImageNames.Match(name, names)))
        {
            found.Add(entry);
            if (entry.Entry.Find("newName")?.Text is { Length: > 0 } renamed)
            {
                names.Add(renamed);
            }
        }

        return found;
    }

    private static IEnumerable<ValuePlace> Field(KustomizationLayer layer, YamlNode entry, YamlPath path, string field, ManifestMechanism mechanism) =>
        entry.Find(field) is { Text.Length: > 0 } node ? layer.Places(path.Then(field), node).Select(place => place with { Mechanism = mechanism }) : [];

    // The manifest itself, also one within a List.
    private IEnumerable<ValuePlace> Own(string? file, long line, ObjectPath path)
    {
        if (_view.Manifest(file, line) is not var (item, manifest) || path.Find(manifest) is not var (node, inner))
        {
            return [];
        }

        var root = _view.Indexed(item.File)!.Documents.First(document => document.Index == item.Document).Root;
        return Way(root, manifest) is { } way ? [_view.Frame(item.File).Place(item.Document, way.Then([.. inner.Steps]), node, ManifestMechanism.Manifest)] : [];
    }

    private static YamlPath? Way(YamlNode root, YamlNode node)
    {
        if (ReferenceEquals(root, node))
        {
            return YamlPath.Root;
        }

        var items = root.Find("items")?.Items ?? [];
        return items.Select((item, index) => Way(item, node) is { } below ? YamlPath.Of("items", index).Then([.. below.Steps]) : null).FirstOrDefault(way => way is not null);
    }

    private IEnumerable<ValuePlace> FromMap(ManifestApp app, ReleaseSource source, FieldScalar scalar)
    {
        if (_view.ConfigMap(app.Node, ObjectText.Namespace(app.Object), source.Name) is not var (node, index))
        {
            return [];
        }

        var data = Of(node, index, new(ObjectPath.Of("data", source.Key), ScalarRole.Plain, ""), ImagePart.Name);
        if (source.Target.Length > 0)
        {
            return source.Target == scalar.Path.ToString() ? data.Where(place => place.Text is not null) : [];
        }

        return data.Select(TextFrame.At).Concat(GeneratorFiles.Find(_view, Layers(node), node.Objects[index].Content, source.Key))
            .SelectMany(frame => frame.Documents.Take(1).Select(document => (frame, document.Index, Found: scalar.Path.Find(document.Root))))
            .Where(entry => entry.Found is not null)
            .Select(entry => entry.frame.Place(entry.Index, entry.Found!.Value.Path, entry.Found.Value.Node, ManifestMechanism.HelmValues));
    }
}
