using System.Text.Json.Nodes;
using HomelabOps.Core.Patching;

namespace HomelabOps.Sandbox.Apply;

/// <summary>The elements of a list whose elements have owners of their own.</summary>
internal static class ListItems
{
    /// <summary>The elements by what tells them apart, in their order; null for a list that has one owner as a whole.</summary>
    /// <param name="list">The list.</param>
    /// <param name="field">What is known of it.</param>
    /// <param name="path">Where it is, when elements that cannot be told apart are an error; without it such a list has one owner.</param>
    /// <exception cref="ApplyException">Two elements have the same key, or one has none.</exception>
    public static OrderedDictionary<PathElement, JsonNode?>? Of(JsonArray list, PatchField field, IReadOnlyList<PathElement>? path = null)
    {
        if (field.List == ListKind.Atomic)
        {
            return null;
        }

        var items = new OrderedDictionary<PathElement, JsonNode?>();
        for (var index = 0; index < list.Count; index++)
        {
            string? missing = null;
            var element = field.List == ListKind.Set ? PathElement.Value(list[index]) : PathElement.Item(list[index], field.Keys, out missing);
            if (element is { } key && items.TryAdd(key, list[index]))
            {
                continue;
            }

            if (path is not null)
            {
                throw new ApplyException(500, $"failed to create typed patch object: {string.Concat(path)}: " + (element is null
                    ? $"element {index}: associative list with keys has an element that omits key field \"{missing}\" (and doesn't have default value)"
                    : $"duplicate entries for key {element}"));
            }

            return null;
        }

        return items;
    }
}
