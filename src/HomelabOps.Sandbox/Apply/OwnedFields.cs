using System.Text.Json.Nodes;
using HomelabOps.Core.Patching;

namespace HomelabOps.Sandbox.Apply;

/// <summary>The fields that a configuration names, which are those that who applies it will own.</summary>
internal sealed class OwnedFields
{
    private readonly List<PathElement> _path = [];
    private readonly bool _isStrict;

    private OwnedFields(bool isStrict) => _isStrict = isStrict;

    /// <summary>The fields of an object.</summary>
    /// <param name="node">The object.</param>
    /// <param name="schema">Its kind's.</param>
    /// <param name="isStrict">A list whose elements cannot be told apart is an error, as in what a client applies; otherwise it counts as one field.</param>
    public static FieldSet Of(JsonObject node, PatchSchema schema, bool isStrict = false) => new OwnedFields(isStrict).Map(node, schema);

    private FieldSet Map(JsonObject map, PatchSchema schema)
    {
        var entries = new List<FieldSetEntry>(map.Count);
        foreach (var (name, value) in map)
        {
            var element = PathElement.Field(name);
            _path.Add(element);
            var (isMember, children) = Value(value, schema.Field(name));
            entries.Add(new(element, isMember || value is JsonObject { Count: 0 } || !schema.IsDeclared(name), children));
            _path.RemoveAt(_path.Count - 1);
        }

        // A field that is no member and has none below is not in the set.
        entries.RemoveAll(static entry => !entry.IsMember && entry.Children.IsEmpty);
        return FieldSet.Of(entries);
    }

    private (bool IsMember, FieldSet Children) Value(JsonNode? value, PatchField field) => value switch
    {
        JsonObject map when !field.Schema.IsAtomic => (false, Map(map, field.Schema)),
        JsonArray list when ListItems.Of(list, field, _isStrict ? _path : null) is { } items => (false, List(items, field.Schema)),
        _ => (true, FieldSet.Empty),
    };

    private FieldSet List(OrderedDictionary<PathElement, JsonNode?> items, PatchSchema schema)
    {
        var entries = new List<FieldSetEntry>(items.Count);
        foreach (var (element, item) in items)
        {
            _path.Add(element);
            entries.Add(new(element, IsMember: true, item is JsonObject map ? Map(map, schema) : FieldSet.Empty));
            _path.RemoveAt(_path.Count - 1);
        }

        return FieldSet.Of(entries);
    }
}
