using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Forest;

namespace HomelabOps.Core.Applications.Edits;

/// <summary>
/// Moves an application to another node: its claims become those on the other side, and what it demands of its node what the
/// other one has. What is so already stays as it is written, so an edit that is made again changes nothing.
/// </summary>
internal sealed partial class MoveAppEdit : AppEdit
{
    private readonly AppMove _move;

    /// <summary>Makes the edit.</summary>
    /// <param name="target">The application.</param>
    /// <param name="move">Where it goes.</param>
    public MoveAppEdit(AppTarget target, AppMove move)
        : base(target) => _move = move;

    /// <inheritdoc/>
    public override string Message => $"Move {App} to {_move.To.Name}";

    /// <inheritdoc/>
    /// <exception cref="HomelabException">
    /// AppClaimUnmovable: a claim is not named in the repository, or made of a claim template. AppNodeUnmovable: the other node cannot meet a demand.
    /// AppValueShared: a value has no place of its own. AppValueOverridden: a release says it elsewhere than in its values.
    /// </exception>
    private protected override void Change(AppTrial trial)
    {
        var fields = trial.Fields;
        MovedValue[] moves = [.. Claims(trial.App, fields), .. new NodeDemands(App, _move).Moves(fields, trial.Content)];
        CheckLastWord(trial.App, moves);
        var paths = moves.Select(move => move.Scalar.Path).ToArray();
        foreach (var move in moves)
        {
            trial.Keep(
                Edits(trial, move),
                after => Expanded(after.App, after.String(move.Scalar.Path)) == move.New && after.DiffersOnlyAt(paths),
                move.What,
                move.New,
                isAlone: true);
        }
    }

    // What a renderer writes afterwards holds the application where it is, also where the values say nothing. Once it has moved, there
    // is nothing to hold: only whether it has is asked.
    private void CheckLastWord(ManifestApp app, MovedValue[] moves)
    {
        if (moves.Length == 0 && _move.Claims.Count > 0)
        {
            return;
        }

        var claims = Array.FindAll(moves, IsOfClaim);
        var names = _move.Claims.SelectMany(claim => new[] { claim.Key, claim.Value }).ToHashSet(StringComparer.Ordinal);
        Refuse(ManifestField.Claim, claims.Length > 0 ? ReleaseLastWord.RenderedClaim(app, names) : null, claims);
        Refuse(ManifestField.Node, ReleaseLastWord.RenderedNode(app), Array.FindAll(moves, move => !IsOfClaim(move)));

        void Refuse(ManifestField field, string? place, MovedValue[] moved)
        {
            place ??= moved.Select(move => ReleaseLastWord.InSecret(app, new AppField { Field = field, Value = move.Old, Scalars = [move.Scalar] }, field)).FirstOrDefault(found => found is not null);
            if (place is not null)
            {
                throw Errors.AppValueOverriddenAlone(App, field, place);
            }
        }

        static bool IsOfClaim(MovedValue move) => move.What == "claim";
    }

    // An alias may be changed with its anchor where both are of what moves; that nothing else is, the build shows.
    private static IEnumerable<PlaceEdit> Edits(AppTrial trial, MovedValue move) => trial.Places(move.Scalar, ImagePart.Tag).Where(place => place.Value is not null)
        .SelectMany(place => new[] { move.Spliced(place.Value!), move.New }.OfType<string>().Select(text => PlaceEdit.Set(place, YamlValue.Text(text))))
        .SelectMany(edit => new[] { edit, edit with { Change = (file, document, path, _) => edit.Change(file, document, path, true) } });

    private IEnumerable<MovedValue> Claims(ManifestApp app, IReadOnlyList<AppField> fields)
    {
        var present = fields.Where(field => field.Field == ManifestField.Claim).Select(field => (Scalar: field.Scalars[0], Name: Expanded(app, field.Value)!)).ToArray();
        foreach (var (claim, wanted) in _move.Claims)
        {
            if (!Array.Exists(present, field => field.Name == claim || field.Name == wanted))
            {
                throw IsOfTemplate(app, claim) || IsOfTemplate(app, wanted) ? Errors.AppClaimTemplated(App, claim) : Errors.AppClaimUnmovable(App, claim, [.. present.Select(field => field.Name).Distinct(StringComparer.Ordinal)]);
            }
        }

        var reached = _move.Claims.Values.ToHashSet(StringComparer.Ordinal);
        return present.Where(field => !reached.Contains(field.Name) && _move.Claims.ContainsKey(field.Name)).Select(field => new MovedValue(field.Scalar, field.Name, _move.Claims[field.Name], "claim"));
    }

    // A StatefulSet names its claims template-set-number.
    private static bool IsOfTemplate(ManifestApp app, string claim) => Templates(app).Select(template => $"{template}-{app.Name}-")
        .Any(start => claim.StartsWith(start, StringComparison.Ordinal) && int.TryParse(claim.AsSpan(start.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _));

    private static IEnumerable<string> Templates(ManifestApp app) => app.IsRelease
        ? (ObjectText.Node(app.Object, "spec", "values", "controllers") as JsonObject ?? []).SelectMany(entry => ObjectText.Items(ObjectText.Node(entry.Value, "statefulset", "volumeClaimTemplates"))).Select(entry => ObjectText.At(entry.Item, "name"))
        : ObjectText.Items(ObjectText.Node(app.Object, "spec", "volumeClaimTemplates")).Select(entry => ObjectText.At(entry.Item, "metadata", "name"));

    // What charts that read names as templates make of a text.
    private static string? Expanded(ManifestApp app, string? text) => app.IsRelease && text is not null
        ? Template().Replace(text, match => match.Groups["field"].Value == "Name" ? app.Name : ReleaseSpace(app))
        : text;

    private static string ReleaseSpace(ManifestApp app) => ObjectText.At(app.Object, "spec", "targetNamespace") is { Length: > 0 } other ? other : app.Namespace;

    [GeneratedRegex(@"\{\{-?\s*\.Release\.(?<field>Name|Namespace)\s*-?\}\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Template();
}
