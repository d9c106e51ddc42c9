using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.Applications.Edits;

/// <summary>Gives a container another image.</summary>
internal sealed class SetImageEdit : AppEdit
{
    private readonly AppTarget _target;
    private readonly ImageReference _wanted;
    private readonly string? _container;

    /// <summary>Makes the edit.</summary>
    /// <param name="target">The application.</param>
    /// <param name="image">The whole name of the image with tag or digest, or <c>:tag</c> for another tag of the same image.</param>
    /// <param name="container">The container; null where there is one.</param>
    /// <exception cref="HomelabException">ImageInvalid, ImageTagRequired.</exception>
    public SetImageEdit(AppTarget target, string image, string? container = null)
        : base(target) => (_target, _wanted, _container) = (target, TypedImage.Read(image), container);

    /// <inheritdoc/>
    public override string Message => $"Update {_target.App.Name} to {(_wanted.Tag.Length > 0 ? _wanted.Tag : _wanted.Digest)}";

    /// <inheritdoc/>
    private protected override void Change(AppTrial trial)
    {
        var fields = trial.Fields.Where(field => field.Field == ManifestField.Image).ToArray();
        var same = fields.Where(field => _wanted.Name.Length > 0 && ImageReference.Parse(field.Value).Name == _wanted.Name).ToArray();
        var field = Choose(trial, same.Length == 1 && _container is null ? same : fields, ManifestField.Image, _container);
        var old = ImageReference.Parse(field.Value);
        var wanted = _wanted.Name.Length == 0 ? _wanted with { Name = old.Name } : _wanted;
        if (field.Scalars[0].Role == ScalarRole.Image)
        {
            var path = field.Scalars[0].Path;
            trial.Keep(ImageEdits.Tags(trial, field.Scalars[0], old, wanted), after => ImageReference.Parse(after.Text(path) ?? "") is var image && image.Tag == wanted.Tag && image.Digest == wanted.Digest, "image", wanted.ToString());
            trial.Keep(ImageEdits.Names(trial, field.Scalars[0], wanted), after => after.Text(path) == wanted.ToString(), "image", wanted.ToString());
        }
        else
        {
            SetParts(trial, field, old, wanted);
        }
    }

    // Values that have the parts of an image by themselves.
    private static void SetParts(AppTrial trial, AppField field, ImageReference old, ImageReference wanted)
    {
        var tag = field.Scalars.FirstOrDefault(scalar => scalar.Role == ScalarRole.Tag);
        var digest = field.Scalars.FirstOrDefault(scalar => scalar.Role == ScalarRole.Digest);
        if (tag is not null)
        {
            var text = digest is null && wanted.Digest.Length > 0 ? $"{wanted.Tag}@{wanted.Digest}" : wanted.Tag;
            Set(trial, tag, text);
        }
        else if (wanted.Tag.Length > 0)
        {
            var path = digest!.Path.Parent.Then("tag");
            trial.Keep(trial.Places(digest, ImagePart.Tag).Where(place => place.Variable is null).Select(place => PlaceEdit.Add(place, 1, ["tag"], YamlValue.Text(wanted.Tag))), after => after.Text(path) == wanted.Tag, "image", wanted.ToString());
        }

        if (digest is not null && wanted.Digest.Length > 0)
        {
            Set(trial, digest, wanted.Digest);
        }
        else if (digest is not null)
        {
            trial.Keep(trial.Places(digest, ImagePart.Tag).Where(place => place.Variable is null).Select(place => new PlaceEdit(place, (file, document, path, force) => file.Remove(document, path, force))), after => after.Text(digest.Path) is null, "image", wanted.ToString());
        }

        if (wanted.Name != old.Name)
        {
            SetName(trial, field, wanted);
        }
    }

    private static void SetName(AppTrial trial, AppField field, ImageReference wanted)
    {
        var registry = field.Scalars.FirstOrDefault(scalar => scalar.Role == ScalarRole.Registry);
        var repository = field.Scalars.FirstOrDefault(scalar => scalar.Role == ScalarRole.Repository) ?? throw Errors.AppValueUnproven(trial.App.Name, "image", wanted.ToString());
        var slash = wanted.Name.IndexOf('/', StringComparison.Ordinal);
        if (registry is not null && slash > 0)
        {
            Set(trial, registry, wanted.Name[..slash]);
        }

        Set(trial, repository, registry is not null && slash > 0 ? wanted.Name[(slash + 1)..] : wanted.Name);
    }

    private static void Set(AppTrial trial, FieldScalar scalar, string text)
    {
        // What the text is where it has no quotes: 1.10 is a number, and as such 1.1 to who reads it.
        var plain = Scalars.Untyped(text, YamlSchema.Json);
        var (isTyped, isQuoted) = (false, false);
        trial.Keep(Edits(), IsRight, "image", text);

        bool IsRight(AppTrial after)
        {
            isTyped = plain?.GetValueKind() != JsonValueKind.String && JsonNode.DeepEquals(scalar.Path.Find(after.Content), plain);
            return after.String(scalar.Path) == text && (!isQuoted || after.DiffersOnlyAt([scalar.Path]));
        }

        // kustomize drops the quotes around a variable, and Helm those of the file that it takes a path's value from, so the value has to
        // bring some of its own; all else that is made of it would get them, too.
        IEnumerable<PlaceEdit> Edits()
        {
            ValuePlace? variable = null;
            foreach (var place in trial.Places(scalar, ImagePart.Tag).Where(place => place.Value is not null))
            {
                var isVariable = place.Mechanism == ManifestMechanism.Substitution;
                if (variable is not null && !isVariable)
                {
                    break;
                }

                var value = ImageEdits.Fragment(place.Value!, scalar.Text, text);
                yield return PlaceEdit.Set(place, YamlValue.Text(value));
                if (isTyped)
                {
                    (variable, isQuoted) = (isVariable ? place : null, true);
                    yield return PlaceEdit.Set(place, YamlValue.Text($"\"{value}\"")) with { IsAlone = true };
                    isQuoted = false;
                }
            }

            if (variable is not null)
            {
                throw Errors.AppValueUntyped(trial.App.Name, text, variable.VariableName, variable.File.TrimStart('/'), variable.Line);
            }
        }
    }
}
