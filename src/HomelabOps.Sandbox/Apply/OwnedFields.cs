using System.Text.Json.Nodes;
using HomelabOps.Core.Patching;

namespace HomelabOps.Sandbox.Apply;

/// <summary>The fields that a configuration names, which are those that who applies it will own.</summary>
internal sealed class OwnedFields
{
    private readonly List<IReadOnlyList<PathElement>> _paths = [];
    private readonly bool _isStrict;

    private OwnedFields(bool isStrict) => _isStrict = isStrict;

    /// <summary>The fields of an object.</summary>
    /// <param name="node">The object.</param>
    /// <param name="schema">Its kind's.</param>
    /// <param name="isStrict">A list whose elements cannot be told apart is an error, as in what a client applies; otherwise it counts as one field.</param>
    public static FieldSet Of(JsonObject node, PatchSchema schema, bool isStrict = false)
    {
        var fields = new OwnedFields(isStrict);
        fields.Add(node, schema, []);
        return FieldSet.Of(fields._paths);
    }

    private void Add(JsonObject map, PatchSchema schema, PathElement[] path)
    {
        foreach (var (name, value) in map)
        {
            PathElement[] inner = [.. path, PathElement.Field(name)];
            var field = schema.Field(name);
            Add(value, field, inner);
            if (value is JsonObject { Count: 0 } || !schema.IsDeclared(name))
            {
                _paths.Add(inner);
            }
        }
    }

    private void Add(JsonNode? value, PatchField field, PathElement[] path)
    {
        switch (value)
        {
            case JsonObject map when !field.Schema.IsAtomic:
                Add(map, field.Schema, path);
                break;
            case JsonArray list when ListItems.Of(list, field, _isStrict ? path : null) is { } items:
                foreach (var (element, item) in items)
                {
                    PathElement[] inner = [.. path, element];
                    _paths.Add(inner);
                    if (item is JsonObject map)
                    {
                        Add(map, field.Schema, inner);
                    }
                }

                break;
            default:
                _paths.Add(path);
                break;
        }
    }
}
