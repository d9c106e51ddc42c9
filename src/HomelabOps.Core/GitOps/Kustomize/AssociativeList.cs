using System.Text.Json.Nodes;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Merges two lists whose elements are known by keys, in kustomize's order: the patch's elements first, then the others.</summary>
/// <param name="keys">The fields that tell elements apart; one empty name for lists of plain values.</param>
/// <param name="merge">Merges two elements, given the first key's value; nothing means that the element goes.</param>
internal sealed class AssociativeList(string[] keys, Func<JsonNode?, JsonNode?, string, (bool Exists, JsonNode? Value)> merge)
{
    /// <summary>The merged elements; null when nothing at all was there.</summary>
    public List<JsonNode?>? Merge(List<JsonNode?> target, List<JsonNode?> patch)
    {
        var identities = Identities(patch, target);
        if (keys.Length > 1)
        {
            Complete(identities);
        }

        var used = keys.Where((_, index) => identities.Exists(identity => identity[index].Length > 0)).ToArray();
        used = used.Length == 0 ? keys : used;
        var added = new List<JsonNode?>();
        foreach (var identity in identities)
        {
            string[] values = [.. identity.Where((value, index) => value.Length > 0 || used.Contains(keys[index]))];
            var merged = merge(Find(target, identity), Find(patch, identity), identity[0]);
            if (!merged.Exists || merged.Value is null or JsonObject { Count: 0 })
            {
                Set(target, null, used, values);
                continue;
            }

            foreach (var (key, value) in used.Zip(values).Where(pair => pair.Second.Length > 0 && merged.Value is JsonObject map && !map.ContainsKey(pair.First)))
            {
                merged.Value[key] = Scalars.Untyped(value);
            }

            Set(added, merged.Value, used, values);
        }

        return identities.Count == 0 ? target : Append(added, target, used);
    }

    // Each combination of the keys' values once, those of the patch first.
    private List<string[]> Identities(List<JsonNode?> patch, List<JsonNode?> target)
    {
        var result = new List<string[]>();
        foreach (var item in patch.Concat(target))
        {
            string[] values = [.. keys.Select(key => (key.Length == 0 ? Scalars.Text(item) : Scalars.Text((item as JsonObject)?[key])) ?? "")];
            if (!result.Exists(known => known.AsSpan().SequenceEqual(values)))
            {
                result.Add(values);
            }
        }

        return result;
    }

    // Two that share a value and differ only where one says nothing are the same: port 80 without a protocol is port 80/TCP.
    private static void Complete(List<string[]> identities)
    {
        for (var first = 0; first < identities.Count; first++)
        {
            for (var second = 0; second < identities.Count; second++)
            {
                var pairs = identities[first].Zip(identities[second]).ToArray();
                if (Array.Exists(pairs, pair => pair.First == pair.Second) && !Array.Exists(pairs, pair => pair.First != pair.Second && pair.First.Length > 0 && pair.Second.Length > 0))
                {
                    string[] united = [.. pairs.Select(pair => pair.First.Length > 0 ? pair.First : pair.Second)];
                    identities[first] = united;
                    identities[second] = united;
                }
            }
        }
    }

    // The first element with all values that the identity has.
    private JsonNode? Find(List<JsonNode?> items, string[] identity)
    {
        if (keys[0].Length == 0)
        {
            return items.Find(item => Scalars.Text(item) == identity[0]);
        }

        var given = keys.Zip(identity).Where(pair => pair.Second.Length > 0).ToArray();
        given = given.Length == 0 ? [.. keys.Zip(identity)] : given;
        return items.Find(item => item is JsonObject map && Array.TrueForAll(given, pair => map.ContainsKey(pair.First) && (Scalars.Text(map[pair.First]) ?? "") == pair.Second));
    }

    // An empty value asks only that the field is there.
    private static bool Has(JsonObject map, string key, string value) =>
        map.TryGetPropertyValue(key, out var found) && (value.Length == 0 || Scalars.Text(found) == value);

    // Replaces what matches, or appends; null removes what matches. Without any value, as kustomize has it, nothing else stays.
    private static void Set(List<JsonNode?> items, JsonNode? element, string[] keys, string[] values)
    {
        var result = new List<JsonNode?>();
        var isFound = false;
        foreach (var item in items.Where(item => item is not null and not JsonObject { Count: 0 }))
        {
            if (!Matches(item!, keys, values))
            {
                result.AddRange(values.Length > 0 || item is not JsonObject ? [item] : []);
                continue;
            }

            isFound = true;
            if (element is not null)
            {
                result.Add(element);
            }
        }

        if (element is not null && !isFound)
        {
            result.Add(element);
        }

        items.Clear();
        items.AddRange(result);
    }

    // Where values are fewer than keys, the last comparison counts for the keys that are left.
    private static bool Matches(JsonNode item, string[] keys, string[] values)
    {
        if (item is not JsonObject map)
        {
            return keys[0].Length == 0 && values.Length > 0 && Scalars.Text(item) == values[0];
        }

        return values.Length > 0 && keys.Zip(values).All(pair => Has(map, pair.First, pair.Second));
    }

    private static List<JsonNode?> Append(List<JsonNode?> added, List<JsonNode?> target, string[] keys)
    {
        foreach (var item in target)
        {
            if (keys[0].Length == 0)
            {
                Set(added, item, keys, [Scalars.Text(item) ?? ""]);
                continue;
            }

            var values = new List<string>();
            foreach (var key in keys)
            {
                if ((item as JsonObject)?[key] is { } value)
                {
                    values.Add(Scalars.Text(value) ?? "");
                }
                else
                {
                    added.Add(item);
                }
            }

            // With several keys kustomize first removes the element, so that it moves to the end.
            if (keys.Length > 1)
            {
                Set(added, null, keys, [.. values]);
            }

            Set(added, item, keys, [.. values]);
        }

        return added;
    }
}
