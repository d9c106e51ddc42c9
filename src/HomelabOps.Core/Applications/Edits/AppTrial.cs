using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Applications.Edits;

/// <summary>Tries edits of files in memory and keeps those that give an application the value that it should have.</summary>
internal sealed class AppTrial
{
    private static readonly ObjectPath[] Values = [ObjectPath.Of("spec", "values"), ObjectPath.Of("spec", "valuesFrom")];

    private readonly ManifestView _view;
    private readonly ManifestApp _original;
    private readonly ManifestTrial _trial;

    public AppTrial(ManifestView view, ManifestApp app, bool force) => (_view, _original, _trial) = (view, app, new(view, force, app));

    /// <summary>The application as the edits so far make it.</summary>
    public ManifestApp App => _trial.Now(_original) ?? _original;

    /// <summary>Its fields as they were.</summary>
    public IReadOnlyList<AppField> Fields => _view.Fields(_original);

    /// <summary>What its fields are found in, as the edits so far make it.</summary>
    public JsonObject Content => _view.Content(App);

    /// <summary>The places that a scalar may come from, the likeliest first.</summary>
    public IReadOnlyList<ValuePlace> Places(FieldScalar scalar, params ReadOnlySpan<ImagePart> parts) => _trial.Places(_original, scalar, parts);

    /// <summary>The text of a scalar, as the edits so far make it; null where it is gone.</summary>
    public string? Text(ObjectPath path) => Scalars.Text(path.Find(Content));

    /// <summary>The same of a string; null also where it is a number or another value that only looks like the text.</summary>
    public string? String(ObjectPath path) => path.Find(Content) is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>Whether the edits so far have changed the application at some paths of its content only.</summary>
    public bool DiffersOnlyAt(IReadOnlyCollection<ObjectPath> paths) => ManifestTrial.DifferOnlyAt(_view.Content(_original), Content, paths)
        && (!_original.IsRelease || ManifestTrial.DifferOnlyAt(_original.Object, App.Object, Values));

    /// <summary>Keeps the first edit that does what it should.</summary>
    /// <param name="edits">The edits, the best one first.</param>
    /// <param name="isRight">Whether the application is as it should be.</param>
    /// <param name="what">What is changed, for errors.</param>
    /// <param name="wanted">The wanted value, for errors.</param>
    /// <param name="isAlone">Edits after which other objects, of whatever kind, are different are passed over, unless that was asked for.</param>
    /// <exception cref="HomelabException">Why the likeliest one is refused, or AppValueUnproven.</exception>
    public void Keep(IEnumerable<PlaceEdit> edits, Func<AppTrial, bool> isRight, string what, string wanted, bool isAlone = false) =>
        _trial.Keep(edits, () => _trial.Now(_original) is not null && isRight(this), isAlone, _original.Name, what, wanted);

    /// <summary>The changes of files, when nothing else changes with them.</summary>
    /// <exception cref="HomelabException">AppValueShared.</exception>
    public IReadOnlyList<FileChange> Finish() => _trial.Finish(_original.Name);
}
