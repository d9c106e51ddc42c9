using System.Text.Json.Nodes;

namespace HomelabOps.Core.Patching;

/// <summary>How strategic merge joins two lists, and in which order the elements end.</summary>
internal static class ListMerge
{
    /// <summary>A list that the patch changes; its own order is that of the elements it names.</summary>
    public static JsonArray Merge(JsonArray live, JsonArray patch, PatchField field)
    {
        var joined = Join(live, patch, field);
        return new JsonArray([.. Order(joined.Merged, joined.Named, joined.Before, field.MergeKey)]);
    }

    /// <summary>A list with <c>$setElementOrder</c>; null where neither side has it.</summary>
    public static JsonArray? MergeOrdered(JsonArray? live, JsonArray? patch, JsonArray order, PatchField field)
    {
        if (live is null && patch is null)
        {
            return null;
        }

        IReadOnlyList<JsonNode?> merged = (live, patch) switch
        {
            (null, _) => [.. ((JsonArray)Directives.Clean(patch)!).Select(Copy)],
            (_, null) => [.. live.Select(Copy)],
            _ when field.Merges => Join(live, patch, field).Merged,
            _ => [.. patch.Select(Copy)],
        };
        return new JsonArray([.. Order(merged, [.. order], live is null ? [] : [.. live], field.MergeKey)]);
    }

    /// <summary>The list without the given plain values.</summary>
    public static JsonArray Without(JsonArray live, JsonArray values) =>
        new([.. live.Where(item => !values.Any(value => JsonNode.DeepEquals(value, item))).Select(Copy)]);

    /// <summary>The elements that a patch names must be in the order that it asks for.</summary>
    public static void RequireOrder(JsonArray? patch, JsonArray order, string? key)
    {
        if (patch is null || patch.Count == 0 || order.Count == 0)
        {
            return;
        }

        var next = 0;
        foreach (var item in patch.Where(item => TypeOf(item) is null))
        {
            while (next < order.Count && !IsSame(order[next], item, key))
            {
                next++;
            }

            if (next == order.Count)
            {
                throw PatchException.Unforeseen($"The order in patch list:\n{GoText.Of(patch)}\n doesn't match {Directives.SetElementOrder.TrimEnd('/')} list:\n{GoText.Of(order)}\n");
            }
        }
    }

    private static Joined Join(JsonArray live, JsonArray patch, PatchField field)
    {
        var all = live.Concat(patch).ToList();
        if (all.Select(GoText.TypeOf).Distinct(StringComparer.Ordinal).Skip(1).Any())
        {
            throw PatchException.Unforeseen($"list element types are not identical: [{GoText.Of(live)} {GoText.Of(patch)}]");
        }

        if (all is [JsonArray, ..])
        {
            throw PatchException.Inapplicable("lists of lists are not supported");
        }

        if (all.TrueForAll(item => item is not JsonObject))
        {
            List<JsonNode?> values = [];
            foreach (var item in all.Where(item => IndexOf(values, item, null) < 0))
            {
                values.Add(Copy(item));
            }

            return new Joined(values, [.. patch], [.. live]);
        }

        return field.MergeKey is { } key
            ? JoinMaps(live, patch, key, field.Schema)
            : throw PatchException.Unforeseen($"cannot merge lists without merge key for {field.Schema.Name}");
    }

    private static Joined JoinMaps(JsonArray live, JsonArray patch, string key, PatchSchema schema)
    {
        List<JsonNode?> before = [.. live.Select(Copy)];
        List<JsonNode?> named = [];
        var replaces = false;
        foreach (var item in patch)
        {
            var map = (JsonObject)item!;
            switch (TypeOf(map))
            {
                case null:
                    named.Add(map);
                    break;
                case "delete":
                    RequireKey(map, key);
                    before.RemoveAll(one => IsSame(one, map, key));
                    break;
                case "replace":
                    replaces = true;
                    break;
                case "merge":
                    throw PatchException.Unforeseen("merging lists cannot yet be specified in the patch");
                case var other:
                    throw Directives.UnknownType(other, map);
            }
        }

        before = replaces ? [] : before;
        List<JsonNode?> merged = [.. before];
        foreach (var map in named.Cast<JsonObject>())
        {
            RequireKey(map, key);
            var at = IndexOf(merged, map, key);
            if (at < 0)
            {
                merged.Add(Directives.Clean(map));
            }
            else
            {
                merged[at] = StrategicMergePatch.MergeMap((JsonObject)merged[at]!.DeepClone(), (JsonObject)map.DeepClone(), schema);
            }
        }

        return new Joined(merged, named, before);
    }

    // Two orders are kept: that of the elements which the patch names, and that of the others. They are woven together by the places
    // that both had before; a new element comes before the others that are left.
    private static IEnumerable<JsonNode?> Order(IReadOnlyList<JsonNode?> merged, List<JsonNode?> named, List<JsonNode?> before, string? key)
    {
        var first = new Queue<JsonNode?>(merged.Where(item => IndexOf(named, item, key) >= 0).OrderBy(item => IndexOf(named, item, key)));
        var others = new Queue<JsonNode?>(merged.Where(item => IndexOf(named, item, key) < 0).OrderBy(item => IndexOf(before, item, key)));
        while (first.Count > 0 && others.Count > 0)
        {
            var left = IndexOf(before, others.Peek(), key);
            var right = IndexOf(before, first.Peek(), key);
            yield return left >= 0 && right >= 0 && left < right ? others.Dequeue() : first.Dequeue();
        }

        foreach (var item in first.Concat(others))
        {
            yield return item;
        }
    }

    private static int IndexOf(List<JsonNode?> list, JsonNode? item, string? key) => list.FindIndex(one => IsSame(one, item, key));

    private static bool IsSame(JsonNode? left, JsonNode? right, string? key) => key is null
        ? JsonNode.DeepEquals(left, right)
        : left is JsonObject one && right is JsonObject other && one[key] is { } value && JsonNode.DeepEquals(value, other[key]);

    private static void RequireKey(JsonObject map, string key)
    {
        if (!map.ContainsKey(key))
        {
            throw Directives.NoMergeKey(map, key);
        }
    }

    private static string? TypeOf(JsonNode? item) =>
        item is JsonObject map && map.TryGetPropertyValue(Directives.Patch, out var type) ? Directives.TextOf(type) ?? "null" : null;

    private static JsonNode? Copy(JsonNode? node) => node?.DeepClone();

    /// <summary>Both lists as one, the elements that the patch names, and what was there before without what the patch deletes.</summary>
    private sealed record Joined(List<JsonNode?> Merged, List<JsonNode?> Named, List<JsonNode?> Before);
}
