using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Forest;

namespace HomelabOps.Core.Applications.Edits;

/// <summary>Tries edits of files in memory and keeps those that give objects what they should have.</summary>
internal sealed class ManifestTrial
{
    private readonly ManifestView _view;
    private readonly bool _force;
    private readonly IReadOnlyList<ManifestObject> _targets;
    private readonly PlaceFinder _finder;
    private readonly Lazy<ValueCarriers> _carriers;
    private OverlayFiles _files;
    private Dictionary<FluxNode, (FluxNode? Node, HomelabException? Failure)> _rebuilt = [];

    /// <summary>Begins a trial.</summary>
    /// <param name="view">The repository.</param>
    /// <param name="force">Also where others change with it.</param>
    /// <param name="targets">The objects that may change.</param>
    public ManifestTrial(ManifestView view, bool force, params IReadOnlyList<ManifestObject> targets)
    {
        (_view, _force, _targets) = (view, force, targets);
        (_finder, _files) = (new(view), new(view.Files));
        _carriers = new(() => new(view.Trees.SelectMany(tree => tree.Nodes)));
    }

    // What could be built before.
    private IEnumerable<FluxNode> Affected => _view.Trees.SelectMany(tree => tree.Nodes).Where(node => node.Failure is null && _view.IsAffected(node, _files));

    /// <summary>An object as the edits so far make it; null where it is gone.</summary>
    /// <exception cref="HomelabException">The build fails.</exception>
    public T? Now<T>(T item)
        where T : ManifestObject
    {
        var (node, failure) = Rebuilt(item.Node);
        return node is null ? throw failure! : ManifestView.Same(item, node);
    }

    /// <summary>The places that a scalar, mapping or list may come from, the likeliest first.</summary>
    public IReadOnlyList<ValuePlace> Places(ManifestObject item, FieldScalar scalar, params ReadOnlySpan<ImagePart> parts)
    {
        var places = new List<ValuePlace>();
        foreach (var part in parts)
        {
            places.AddRange(_finder.Find(item, scalar, part));
        }

        return [.. places.DistinctBy(place => place.Key)];
    }

    /// <summary>Keeps the first edit that does what it should.</summary>
    /// <param name="edits">The edits, the best one first.</param>
    /// <param name="isRight">Whether all is as it should be.</param>
    /// <param name="isAlone">Edits after which other objects, of whatever kind, are different are passed over, unless that was asked for.</param>
    /// <param name="name">What is changed, for errors: the object.</param>
    /// <param name="what">Its field.</param>
    /// <param name="wanted">The wanted value.</param>
    /// <exception cref="HomelabException">Why the likeliest one is refused, or AppValueUnproven.</exception>
    public void Keep(IEnumerable<PlaceEdit> edits, Func<bool> isRight, bool isAlone, string name, string what, string wanted)
    {
        if (isRight())
        {
            return;
        }

        var (files, rebuilt) = (_files, _rebuilt);
        HomelabException? refused = null;
        foreach (var edit in edits)
        {
            try
            {
                var content = edit.Place.Edit(files.Read(edit.Place.File), (file, document, path) => edit.Change(file, document, path, _force));
                (_files, _rebuilt) = (files.With(edit.Place.File, content), []);
                if (isRight())
                {
                    if ((!edit.IsAlone && (!isAlone || _force)) || Others(ManifestView.Objects).ToArray() is not { Length: > 0 } others)
                    {
                        return;
                    }

                    refused ??= Errors.AppValueSharedAlone(name, _files.Changed.Select(path => path[1..]), others);
                }
            }
            catch (HomelabException error)
            {
                refused ??= error;
            }

            (_files, _rebuilt) = (files, rebuilt);
        }

        throw refused ?? Errors.AppValueUnproven(name, what, wanted);
    }

    /// <summary>The changes of files, when no other application changes with them.</summary>
    /// <param name="name">What is changed, for errors.</param>
    /// <exception cref="HomelabException">AppValueShared, AppUnbuildable.</exception>
    public IReadOnlyList<FileChange> Finish(string name)
    {
        // Nobody can have meant that, so nothing forces it.
        if (Affected.Select(node => (Node: node, Rebuilt(node).Failure)).FirstOrDefault(built => built.Failure is not null) is { Failure: { } failure, Node: { } broken })
        {
            throw Errors.AppUnbuildable(name, broken.Reference, failure);
        }

        FileChange[] changes = [.. _files.Changed.Select(path => new FileChange(path[1..], _view.Files.Read(path), _files.Read(path))).Where(change => !change.Before.AsSpan().SequenceEqual(change.After))];
        if (!_force && changes.Length > 0 && Others(node => _view.Apps.Where(app => app.Node == node)).ToArray() is { Length: > 0 } others)
        {
            throw Errors.AppValueShared(name, changes.Select(change => change.Path), others);
        }

        return changes;
    }

    /// <summary>Whether two states of an object differ at some paths only.</summary>
    public static bool DifferOnlyAt(JsonObject before, JsonObject after, IReadOnlyCollection<ObjectPath> paths) => JsonNode.DeepEquals(Without(before, paths), Without(after, paths));

    private static JsonNode Without(JsonObject item, IReadOnlyCollection<ObjectPath> paths)
    {
        var copy = item.DeepClone();
        foreach (var path in paths)
        {
            switch (path.Parent.Find(copy))
            {
                case JsonObject map when path.Steps[^1].Key is { } key:
                    map.Remove(key);
                    break;
                case JsonArray list when path.Steps[^1].Index < list.Count:
                    list[path.Steps[^1].Index] = null;
                    break;
            }
        }

        return copy;
    }

    // What else Flux would apply differently.
    private IEnumerable<string> Others(Func<FluxNode, IEnumerable<ManifestObject>> objects)
    {
        foreach (var node in Affected)
        {
            // It could be built before, so where it cannot any more all that it applies is hit.
            var rebuilt = Rebuilt(node).Node;
            foreach (var item in objects(node).Where(item => !_targets.Contains(item)))
            {
                if (rebuilt is null || ManifestView.Same(item, rebuilt) is not { } same || !_carriers.Value.AreSame(_view.Content(item), _view.Content(same)))
                {
                    yield return $"{item.Kind}/{item.Namespace}/{item.Name} ({node.Reference})";
                }
            }
        }
    }

    private (FluxNode? Node, HomelabException? Failure) Rebuilt(FluxNode node)
    {
        if (_files.Changed.Count == 0)
        {
            return (node, null);
        }

        if (!_rebuilt.TryGetValue(node, out var known))
        {
            try
            {
                known = (_view.Rebuild(node, _files), null);
            }
            catch (HomelabException error)
            {
                known = (null, error);
            }

            _rebuilt[node] = known;
        }

        return known;
    }
}
