using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Effective;

namespace HomelabOps.Core.Applications.Edits;

/// <summary>The edits that may give a whole name of an image other parts.</summary>
internal static class ImageEdits
{
    /// <summary>Edits of tag and digest, which belong together: a digest that stays would go on to decide what runs.</summary>
    public static IEnumerable<PlaceEdit> Tags(AppTrial trial, FieldScalar scalar, ImageReference old, ImageReference wanted)
    {
        foreach (var place in trial.Places(scalar, ImagePart.Tag, ImagePart.Digest).Where(place => place.Value is not null))
        {
            if (place.Mechanism == ManifestMechanism.KustomizeImages)
            {
                yield return new(place, (file, document, path, force) => Entry(file, document, path.Parent, wanted, force));
            }
            else if (place.IsImage)
            {
                // A name that changes with it is written at once; where it comes from elsewhere, that is the next edit's.
                var here = ImageReference.Parse(place.Value!);
                var name = here.Name == old.Name ? wanted.Name : here.Name;
                yield return PlaceEdit.Set(place, YamlValue.Text(new ImageReference(name, wanted.Tag, wanted.Digest).ToString()));
            }
            else
            {
                yield return PlaceEdit.Set(place, YamlValue.Text(Fragment(place.Value!, Suffix(old), Suffix(wanted))));
                yield return PlaceEdit.Set(place, YamlValue.Text(Fragment(place.Value!, old.Tag, wanted.Tag)));
            }
        }
    }

    /// <summary>Edits of the name.</summary>
    public static IEnumerable<PlaceEdit> Names(AppTrial trial, FieldScalar scalar, ImageReference wanted)
    {
        // An entry that gives the tag is to give the name as well: with another name in the manifest it would mean nothing any more.
        foreach (var place in trial.Places(scalar, ImagePart.Name, ImagePart.Tag, ImagePart.Digest).Where(place => place.Value is not null).OrderByDescending(place => place.Mechanism == ManifestMechanism.KustomizeImages))
        {
            yield return place.Mechanism == ManifestMechanism.KustomizeImages
                ? new(place, (file, document, path, force) => SetOrAdd(file, document, path.Parent.Then("newName"), wanted.Name, force))
                : PlaceEdit.Set(place, YamlValue.Text(place.IsImage ? wanted.ToString() : wanted.Name));
        }
    }

    /// <summary>A text in which a part has become another; where it is not in it, the new part alone.</summary>
    public static string Fragment(string text, string old, string wanted) => old.Length > 0 && text.Contains(old, StringComparison.Ordinal) ? text.Replace(old, wanted, StringComparison.Ordinal) : wanted;

    private static string Suffix(ImageReference image) => image.Tag + (image.Digest.Length > 0 ? "@" + image.Digest : "");

    private static YamlFile Entry(YamlFile file, int document, YamlPath entry, ImageReference wanted, bool force) =>
        SetOrAdd(SetOrAdd(file, document, entry.Then("newTag"), wanted.Tag, force), document, entry.Then("digest"), wanted.Digest, force);

    private static YamlFile SetOrAdd(YamlFile file, int document, YamlPath path, string text, bool force) => file.Find(document, path) is null
        ? text.Length == 0 ? file : file.Add(document, path, YamlValue.Text(text), force)
        : text.Length == 0 ? file.Remove(document, path, force) : file.Set(document, path, YamlValue.Text(text), force);
}
