using System.Text.Json.Nodes;
using HomelabOps.Core.Patching;

namespace HomelabOps.Sandbox.Apply;

/// <summary>The fields in which two states of an object differ.</summary>
internal sealed class ObjectComparison
{
    private readonly List<IReadOnlyList<PathElement>> _changed = [];
    private readonly List<IReadOnlyList<PathElement>> _removed = [];

    private ObjectComparison(JsonObject before, JsonObject after, PatchSchema schema)
    {
        Compare(before, after, schema, []);
        Changed = FieldSet.Of(_changed);
        Removed = FieldSet.Of(_removed);
    }

    /// <summary>What has another value or is new.</summary>
    public FieldSet Changed { get; }

    /// <summary>What is gone.</summary>
    public FieldSet Removed { get; }

    public static ObjectComparison Of(JsonObject before, JsonObject after, PatchSchema schema) => new(before, after, schema);

    private void Compare(JsonObject? before, JsonObject? after, PatchSchema schema, PathElement[] path)
    {
        foreach (var name in Names(before).Union(Names(after)).Union(schema.AlwaysPresent))
        {
            var field = schema.Field(name);
            Compare(Value(before, name, field), Value(after, name, field), field, [.. path, PathElement.Field(name)]);
        }
    }

    private void Compare(JsonNode? before, JsonNode? after, PatchField field, PathElement[] path)
    {
        if (before is null && after is null)
        {
            return;
        }

        if (IsLeaf(before, after, field))
        {
            if (after is null)
            {
                _removed.Add(path);
            }
            else if (before is null || !JsonNode.DeepEquals(before, after))
            {
                _changed.Add(path);
            }

            return;
        }

        if (before is JsonArray || after is JsonArray)
        {
            Compare(before as JsonArray ?? [], after as JsonArray ?? [], field, path);
        }
        else
        {
            Compare(before as JsonObject, after as JsonObject, field.Schema, path);
        }

        // An object or list that was not there before is a field of its own, and one that only got more inside is not.
        if (before is null)
        {
            _changed.Add(path);
        }
        else if (after is null)
        {
            _removed.Add(path);
        }
    }

    private void Compare(JsonArray before, JsonArray after, PatchField field, PathElement[] path)
    {
        var left = ListItems.Of(before, field)!;
        var right = ListItems.Of(after, field)!;
        var element = new PatchField { Schema = field.Schema };
        foreach (var key in left.Keys.Union(right.Keys))
        {
            Compare(left.GetValueOrDefault(key), right.GetValueOrDefault(key), element, [.. path, key]);
        }
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

    private static IEnumerable<string> Names(JsonObject? map) => map?.Select(field => field.Key) ?? [];

    private static JsonNode? Value(JsonObject? map, string name, PatchField field) => map?[name] ?? (map is not null && field.IsAlwaysPresent
        ? field.List == ListKind.Atomic ? new JsonObject() : new JsonArray()
        : null);
}
