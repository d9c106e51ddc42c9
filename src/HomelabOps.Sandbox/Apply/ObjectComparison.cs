using System.Text.Json.Nodes;
using HomelabOps.Core.Patching;

namespace HomelabOps.Sandbox.Apply;

/// <summary>The fields in which two states of an object differ.</summary>
internal sealed class ObjectComparison
{
    private ObjectComparison(FieldSet changed, FieldSet removed)
    {
        Changed = changed;
        Removed = removed;
    }

    private enum Place
    {
        Root,
        Metadata,
        Below,
    }

    /// <summary>What has another value or is new.</summary>
    public FieldSet Changed { get; }

    /// <summary>What is gone.</summary>
    public FieldSet Removed { get; }

    /// <summary>Compares two objects. The account of owners itself is nobody's field, and is left out.</summary>
    public static ObjectComparison Of(JsonObject before, JsonObject after, PatchSchema schema)
    {
        var (changed, removed) = Compare(before, after, schema, Place.Root);
        return new(changed, removed);
    }

    private static (FieldSet Changed, FieldSet Removed) Compare(JsonObject? before, JsonObject? after, PatchSchema schema, Place place)
    {
        var difference = new Difference();
        foreach (var (name, value) in after ?? [])
        {
            Add(name, value);
        }

        foreach (var (name, _) in before ?? [])
        {
            if (after?.ContainsKey(name) != true)
            {
                Add(name, null);
            }
        }

        foreach (var name in schema.AlwaysPresent)
        {
            if (after?.ContainsKey(name) != true && before?.ContainsKey(name) != true)
            {
                Add(name, null);
            }
        }

        return difference.ToSets();

        void Add(string name, JsonNode? value)
        {
            if (place == Place.Metadata && name == "managedFields")
            {
                return;
            }

            var field = schema.Field(name);
            var inner = place == Place.Root && name == "metadata" ? Place.Metadata : Place.Below;
            difference.Add(Compare(Value(before, before?[name], field), Value(after, value, field), field, inner), static name => PathElement.Field(name), name);
        }
    }

    private static Change Compare(JsonNode? before, JsonNode? after, PatchField field, Place place)
    {
        if (before is null && after is null)
        {
            return default;
        }

        // Most of an object stays as it is, and need not be taken apart.
        if (JsonNode.DeepEquals(before, after))
        {
            return default;
        }

        if (IsLeaf(before, after, field))
        {
            return after is null ? new(IsRemoved: true) : new(IsChanged: true);
        }

        var (changed, removed) = before is JsonArray || after is JsonArray
            ? Compare(before as JsonArray ?? [], after as JsonArray ?? [], field)
            : Compare(before as JsonObject, after as JsonObject, field.Schema, place);

        // An object or list that was not there before is a field of its own, and one that only got more inside is not.
        return new(before is null, after is null, changed, removed);
    }

    private static (FieldSet Changed, FieldSet Removed) Compare(JsonArray before, JsonArray after, PatchField field)
    {
        var left = ListItems.Of(before, field)!;
        var right = ListItems.Of(after, field)!;
        var element = new PatchField { Schema = field.Schema };
        var difference = new Difference();
        foreach (var (key, item) in left)
        {
            difference.Add(Compare(item, right.GetValueOrDefault(key), element, Place.Below), static key => key, key);
        }

        foreach (var (key, item) in right)
        {
            if (!left.ContainsKey(key))
            {
                difference.Add(Compare(null, item, element, Place.Below), static key => key, key);
            }
        }

        return difference.ToSets();
    }

    // Both empty is a leaf as well: that keeps the difference between nothing and an empty object.
    private static bool IsLeaf(JsonNode? before, JsonNode? after, PatchField field)
    {
        var (left, right) = (before ?? after, after ?? before);
        return (left, right) switch
        {
            (JsonObject one, JsonObject other) => field.Schema.IsAtomic || (one.Count == 0 && other.Count == 0),
            (JsonArray one, JsonArray other) => (one.Count == 0 && other.Count == 0) || ListItems.Of(one, field) is null || ListItems.Of(other, field) is null,
            _ => true,
        };
    }

    private static JsonNode? Value(JsonObject? map, JsonNode? value, PatchField field) => value ?? (map is not null && field.IsAlwaysPresent
        ? field.List == ListKind.Atomic ? new JsonObject() : new JsonArray()
        : null);

    private readonly record struct Change(bool IsChanged = false, bool IsRemoved = false, FieldSet? Changed = null, FieldSet? Removed = null);

    // Most of what is compared is the same, so nothing is made before there is something to note.
    private struct Difference
    {
        private List<FieldSetEntry>? _changed;
        private List<FieldSetEntry>? _removed;

        public void Add<T>(Change change, Func<T, PathElement> element, T of)
        {
            if (change.IsChanged || change.Changed is { IsEmpty: false })
            {
                (_changed ??= []).Add(new(element(of), change.IsChanged, change.Changed ?? FieldSet.Empty));
            }

            if (change.IsRemoved || change.Removed is { IsEmpty: false })
            {
                (_removed ??= []).Add(new(element(of), change.IsRemoved, change.Removed ?? FieldSet.Empty));
            }
        }

        public readonly (FieldSet Changed, FieldSet Removed) ToSets() => (FieldSet.Of(_changed), FieldSet.Of(_removed));
    }
}
