using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Applications.Edits;

/// <summary>Tries edits of one object. Nothing else changes with it.</summary>
/// <param name="trial">The trial that it is part of.</param>
/// <param name="item">The object as it was; of a release the object, and not its values.</param>
internal sealed class ObjectTrial(ManifestTrial trial, ManifestObject item)
{
    private readonly ManifestObject _item = new(item.Node, item.Index);

    /// <summary>The object as the edits so far make it.</summary>
    public JsonObject Now => trial.Now(_item)?.Object ?? [];

    /// <summary>Gives a text to what a way of keys leads to, with all above it that is not there.</summary>
    /// <exception cref="HomelabException">Why it cannot be done.</exception>
    public void Write(ObjectPath path, string text)
    {
        var value = YamlValue.Text(text);
        Keep(path.Find(Now) is not null ? Sets(path, value) : Additions(path, value), now => Scalars.Text(path.Find(now)) == text, [path], path.ToString(), text);
    }

    /// <summary>Keeps the first edit that does what it should, and nothing beside some paths.</summary>
    /// <exception cref="HomelabException">Why the likeliest one is refused, or AppValueUnproven.</exception>
    public void Keep(IEnumerable<PlaceEdit> edits, Func<JsonObject, bool> isRight, IReadOnlyCollection<ObjectPath> paths, string what, string wanted)
    {
        var before = Now;
        trial.Keep(edits, () => isRight(Now) && DifferOnlyAt(before, Now, paths), isAlone: true, $"{_item.Kind}/{_item.Namespace}/{_item.Name}", what, wanted);
    }

    /// <summary>Edits that write a value in the place of another.</summary>
    public IEnumerable<PlaceEdit> Sets(ObjectPath path, YamlValue value) => Places(path).Where(place => place.Value is not null).Select(place => PlaceEdit.Set(place, value));

    /// <summary>Edits that add an item at the end of a list.</summary>
    public IEnumerable<PlaceEdit> Appends(ObjectPath list, int count, YamlValue value) => Places(list).Reverse().Select(place => new PlaceEdit(place, (file, document, at, force) => file.Add(document, at.Then(count), value, force)));

    /// <summary>Edits that add keys below a mapping, in the manifest first: a patch is rather for what several have in common.</summary>
    public IEnumerable<PlaceEdit> Adds(ObjectPath holder, IReadOnlyList<string> keys, YamlValue value) => Places(holder).Reverse().Select(place => PlaceEdit.Add(place, 0, keys, value));

    private IEnumerable<PlaceEdit> Additions(ObjectPath path, YamlValue value)
    {
        var depth = Enumerable.Range(0, path.Steps.Count).Last(count => new ObjectPath([.. path.Steps.Take(count)]).Find(Now) is not null);
        return Adds(new([.. path.Steps.Take(depth)]), [.. path.Steps.Skip(depth).Select(step => step.Key!)], value);
    }

    // What is new above a path was not there before.
    private static bool DifferOnlyAt(JsonObject before, JsonObject after, IReadOnlyCollection<ObjectPath> paths)
    {
        var (one, other) = ((JsonObject)before.DeepClone(), (JsonObject)after.DeepClone());
        foreach (var path in paths)
        {
            for (var (way, from) = (path, other); way.Steps.Count > 0; way = way.Parent)
            {
                if (way.Parent.Find(from) is JsonObject holder && way.Steps[^1].Key is { } key && (way == path || (holder[key] is JsonObject { Count: 0 } && way.Find(one) is null)))
                {
                    holder.Remove(key);
                }
            }

            if (path.Parent.Find(one) is JsonObject former && path.Steps[^1].Key is { } last)
            {
                former.Remove(last);
            }
        }

        return JsonNode.DeepEquals(one, other);
    }

    private IReadOnlyList<ValuePlace> Places(ObjectPath path) => trial.Places(_item, new(path, ScalarRole.Plain, ""), ImagePart.Tag);
}
