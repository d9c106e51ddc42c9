using System.Text.Json.Nodes;
using HomelabOps.Core.Patching;

namespace HomelabOps.Sandbox.Apply;

/// <summary>The elements of a list whose elements have owners of their own.</summary>
internal static class ListItems
{
    /// <summary>The elements by what tells them apart, in their order; null for a list that has one owner as a whole, as one whose elements cannot be told apart.</summary>
    public static OrderedDictionary<PathElement, JsonNode?>? Of(JsonArray list, PatchField field)
    {
        if (field.List == ListKind.Atomic)
        {
            return null;
        }

        var items = new OrderedDictionary<PathElement, JsonNode?>();
        foreach (var item in list)
        {
            if ((field.List == ListKind.Set ? PathElement.Value(item) : PathElement.Item(item, field.Keys, out _)) is not { } key || !items.TryAdd(key, item))
            {
                return null;
            }
        }

        return items;
    }
}
