using System.Text.Json.Nodes;
using HomelabOps.Core.Patching;

namespace HomelabOps.Sandbox.Apply;

/// <summary>The fields that a configuration names, which are those that who applies it will own.</summary>
internal static class OwnedFields
{
    /// <summary>The fields of an object.</summary>
    /// <param name="map">The object.</param>
    /// <param name="schema">Its kind's.</param>
    public static FieldSet Of(JsonObject map, PatchSchema schema)
    {
        var entries = new List<FieldSetEntry>(map.Count);
        foreach (var (name, value) in map)
        {
            var (isMember, children) = Value(value, schema.Field(name));
            entries.Add(new(PathElement.Field(name), isMember || value is JsonObject { Count: 0 } || !schema.IsDeclared(name), children));
        }

        // A field that is no member and has none below is not in the set.
        entries.RemoveAll(static entry => !entry.IsMember && entry.Children.IsEmpty);
        return FieldSet.Of(entries);
    }

    private static (bool IsMember, FieldSet Children) Value(JsonNode? value, PatchField field) => value switch
    {
        JsonObject map when !field.Schema.IsAtomic => (false, Of(map, field.Schema)),
        JsonArray list when ListItems.Of(list, field) is { } items => (false, List(items, field.Schema)),
        _ => (true, FieldSet.Empty),
    };

    private static FieldSet List(OrderedDictionary<PathElement, JsonNode?> items, PatchSchema schema)
    {
        var entries = new List<FieldSetEntry>(items.Count);
        foreach (var (element, item) in items)
        {
            entries.Add(new(element, IsMember: true, item is JsonObject map ? Of(map, schema) : FieldSet.Empty));
        }

        return FieldSet.Of(entries);
    }
}
