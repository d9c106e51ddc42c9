using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Applications.Edits;

/// <summary>Tries edits of files in memory and keeps those that give an application the value that it should have.</summary>
internal sealed class AppTrial
{
    private readonly ManifestView _view;
    private readonly PlaceFinder _finder;
    private readonly ManifestApp _original;
    private readonly bool _force;
    private OverlayFiles _files;

    public AppTrial(ManifestView view, ManifestApp app, bool force)
    {
        (_view, _original, _force) = (view, app, force);
        (_finder, _files, App) = (new(view), new(view.Files), app);
    }

    /// <summary>The application as the edits so far make it.</summary>
    public ManifestApp App { get; private set; }

    /// <summary>Its fields as they were.</summary>
    public IReadOnlyList<AppField> Fields => _view.Fields(_original);

    /// <summary>What its fields are found in, as the edits so far make it.</summary>
    public JsonObject Content => _view.Content(App);

    /// <summary>The places that a scalar may come from, the likeliest first.</summary>
    public IReadOnlyList<ValuePlace> Places(FieldScalar scalar, params ReadOnlySpan<ImagePart> parts)
    {
        var places = new List<ValuePlace>();
        foreach (var part in parts)
        {
            places.AddRange(_finder.Find(_original, scalar, part));
        }

        return [.. places.DistinctBy(place => place.Key)];
    }

    /// <summary>The text of a scalar, as the edits so far make it; null where it is gone.</summary>
    public string? Text(ObjectPath path) => Scalars.Text(path.Find(Content));

    /// <summary>Keeps the first edit that does what it should.</summary>
    /// <param name="edits">The edits, the best one first.</param>
    /// <param name="isRight">Whether the application is as it should be.</param>
    /// <param name="what">What is changed, for errors.</param>
    /// <param name="wanted">The wanted value, for errors.</param>
    /// <exception cref="HomelabException">Why the likeliest one is refused, or AppValueUnproven.</exception>
    public void Keep(IEnumerable<PlaceEdit> edits, Func<AppTrial, bool> isRight, string what, string wanted)
    {
        if (isRight(this))
        {
            return;
        }

        var (app, files) = (App, _files);
        HomelabException? refused = null;
        foreach (var edit in edits)
        {
            try
            {
                _files = files.With(edit.Place.File, edit.Place.Edit(files.Read(edit.Place.File), (file, document, path) => edit.Change(file, document, path, _force)));
                var rebuilt = ManifestView.Same(_original, _view.Rebuild(_original.Node, _files));
                if (rebuilt is not null)
                {
                    App = rebuilt;
                    if (isRight(this))
                    {
                        return;
                    }
                }
            }
            catch (HomelabException error)
            {
                refused ??= error;
            }

            (App, _files) = (app, files);
        }

        throw refused ?? Errors.AppValueUnproven(_original.Name, what, wanted);
    }

    /// <summary>The changes of files, when nothing else changes with them.</summary>
    /// <exception cref="HomelabException">AppValueShared.</exception>
    public IReadOnlyList<FileChange> Finish()
    {
        FileChange[] changes = [.. _files.Changed.Select(path => new FileChange(path[1..], _view.Files.Read(path), _files.Read(path))).Where(change => !change.Before.AsSpan().SequenceEqual(change.After))];
        if (!_force && changes.Length > 0 && Others().ToArray() is { Length: > 0 } others)
        {
            throw Errors.AppValueShared(_original.Name, changes.Select(change => change.Path), others);
        }

        return changes;
    }

    // What else Flux would apply differently.
    private IEnumerable<string> Others()
    {
        foreach (var node in _view.Trees.SelectMany(tree => tree.Nodes).Where(node => node.Failure is null && _view.IsAffected(node, _files)))
        {
            var rebuilt = node == _original.Node ? App.Node : Rebuild(node);
            foreach (var app in _view.Apps.Where(app => app.Node == node && app != _original))
            {
                if (rebuilt is null || ManifestView.Same(app, rebuilt) is not { } same || !JsonNode.DeepEquals(_view.Content(app), _view.Content(same)))
                {
                    yield return $"{app.Kind}/{app.Namespace}/{app.Name} ({node.Reference})";
                }
            }
        }
    }

    private FluxNode? Rebuild(FluxNode node)
    {
        try
        {
            return _view.Rebuild(node, _files);
        }
        catch (HomelabException)
        {
            // It worked before, so all that it applies is hit.
            return null;
        }
    }
}
