using System.Text.Json.Nodes;
using HomelabOps.Core.Patching;

namespace HomelabOps.Sandbox.Apply;

/// <summary>What server-side apply does to objects: join two, and take fields out.</summary>
internal static class ObjectMerge
{
    /// <summary>The live object with all that a configuration says.</summary>
    public static JsonObject Merge(JsonObject live, JsonObject applied, PatchSchema schema)
    {
        var merged = (JsonObject)live.DeepClone();
        foreach (var (name, value) in applied)
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = Merge(live[name], value, schema.Field(name));
            }
        }

        return merged;
    }

    /// <summary>The object without the fields of a set. An object that is emptied stays, unless it is in the set itself; a list goes.</summary>
    public static JsonObject Remove(JsonObject map, FieldSet fields, PatchSchema schema)
    {
        var rest = new JsonObject();
        foreach (var (name, value) in map)
        {
            var element = PathElement.Field(name);
            if (!fields.Has(element) && Remove(value, fields.Below(element), schema.Field(name)) is var left && (left is not null || value is null))
            {
                rest[name] = left;
            }
        }

        return rest;
    }

    private static JsonNode Merge(JsonNode? live, JsonNode applied, PatchField field) => (live, applied) switch
    {
        (JsonObject before, JsonObject map) when !field.Schema.IsAtomic => Merge(before, map, field.Schema),
        (JsonArray before, JsonArray list) when ListItems.Of(before, field) is { } left && ListItems.Of(list, field) is { } right => Merge(left, right, field),
        (null, JsonObject map) when !field.Schema.IsAtomic => Merge([], map, field.Schema),
        _ => applied.DeepClone(),
    };

    // Present elements keep their place, new ones follow.
    private static JsonArray Merge(OrderedDictionary<PathElement, JsonNode?> live, OrderedDictionary<PathElement, JsonNode?> applied, PatchField field)
    {
        var element = new PatchField { Schema = field.Schema };
        return new JsonArray([
            .. live.Select(item => applied.TryGetValue(item.Key, out var value) && value is not null ? Merge(item.Value, value, element) : item.Value?.DeepClone()),
            .. applied.Where(item => !live.ContainsKey(item.Key)).Select(item => item.Value?.DeepClone()),
        ]);
    }

    private static JsonNode? Remove(JsonNode? value, FieldSet fields, PatchField field)
    {
        switch (value)
        {
            case var _ when fields.IsEmpty:
                return value?.DeepClone();
            case JsonObject map:
                return Remove(map, fields, field.Schema);
            case JsonArray list when ListItems.Of(list, field) is { } items:
                var element = new PatchField { Schema = field.Schema };
                JsonNode?[] left = [.. items.Where(item => !fields.Has(item.Key)).Select(item => Remove(item.Value, fields.Below(item.Key), element))];
                return left.Length > 0 ? new JsonArray(left) : null;
            default:
                return value?.DeepClone();
        }
    }
}
