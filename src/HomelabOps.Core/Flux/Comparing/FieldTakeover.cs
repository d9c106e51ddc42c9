using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Flux.Comparing;

/// <summary>
/// What kustomize-controller takes away although it never set it: before it applies, it makes the fields its own that
/// people set with kubectl, and so those go that no manifest has. A dry run does not do that.
/// </summary>
internal static class FieldTakeover
{
    private const string Manager = "kustomize-controller";

    // Given out by the server and kept by it, whoever owns them.
    private static readonly HashSet<string> Allocated = new(["clusterIP", "clusterIPs", "nodePort", "healthCheckNodePort", "volumeName"], StringComparer.Ordinal);

    /// <summary>Whether kubectl owns anything that the manifest does not have.</summary>
    public static bool IsNeeded(JsonObject live, JsonObject desired)
    {
        var probe = live.DeepClone().AsObject();
        Undo(live, desired, probe, []);
        return !JsonNode.DeepEquals(probe, live);
    }

    /// <summary>Takes out of the result of a dry run what would go.</summary>
    /// <param name="live">The object as it is, with its managedFields.</param>
    /// <param name="desired">The manifest.</param>
    /// <param name="result">What the dry run gave; it is changed.</param>
    /// <param name="defaults">What the server makes of the manifest alone: a field that goes comes back with its default.</param>
    public static void Undo(JsonObject live, JsonObject desired, JsonObject result, JsonObject defaults)
    {
        var entries = (live["metadata"]?["managedFields"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        var kept = entries.Where(entry => !IsTaken(entry) && !IsOwn(entry)).Select(entry => entry["fieldsV1"] as JsonObject).OfType<JsonObject>().ToList();
        foreach (var fields in entries.Where(IsTaken).Select(entry => entry["fieldsV1"] as JsonObject).OfType<JsonObject>())
        {
            Remove(fields, result, desired, defaults, kept);
        }
    }

    private static bool IsTaken(JsonObject entry)
    {
        var (name, operation) = (Scalars.Text(entry["manager"]) ?? "", Scalars.Text(entry["operation"]));
        return Scalars.Text(entry["subresource"]) is null or ""
            && (name.StartsWith("kubectl", StringComparison.Ordinal) || (operation == "Update" && name.StartsWith("before-first-apply", StringComparison.Ordinal)));
    }

    private static bool IsOwn(JsonObject entry) => Scalars.Text(entry["manager"]) == Manager && Scalars.Text(entry["operation"]) == "Apply";

    // The keys of fieldsV1: f: a field, k: an item of a list by its keys, v: an item of a set, a dot for the thing itself.
    private static void Remove(JsonObject fields, JsonNode target, JsonNode? desired, JsonNode? defaults, IReadOnlyList<JsonObject> kept)
    {
        foreach (var (key, value) in fields)
        {
            var below = value as JsonObject ?? [];
            var others = kept.Select(other => other[key]).OfType<JsonObject>().ToList();
            if (key.StartsWith("f:", StringComparison.Ordinal) && target is JsonObject map)
            {
                RemoveField(key[2..], below, map, desired as JsonObject, defaults as JsonObject, others);
            }
            else if (key.StartsWith("k:", StringComparison.Ordinal) && target is JsonArray list && JsonNode.Parse(key[2..]) is JsonObject keys && Item(list, keys) is { } item)
            {
                var (wanted, usual) = (Item(desired as JsonArray, keys), Item(defaults as JsonArray, keys));
                if (wanted is null && usual is null && others.Count == 0 && below.ContainsKey("."))
                {
                    list.Remove(item);
                }
                else
                {
                    Remove(below, item, wanted, usual, others);
                }
            }
            else if (key.StartsWith("v:", StringComparison.Ordinal) && target is JsonArray set && others.Count == 0)
            {
                var member = JsonNode.Parse(key[2..]);
                if (!Holds(desired, member) && !Holds(defaults, member) && set.FirstOrDefault(element => JsonNode.DeepEquals(element, member)) is { } found)
                {
                    set.Remove(found);
                }
            }
        }
    }

    private static void RemoveField(string name, JsonObject below, JsonObject target, JsonObject? desired, JsonObject? defaults, List<JsonObject> others)
    {
        if (!target.TryGetPropertyValue(name, out var value) || Allocated.Contains(name))
        {
            return;
        }

        if (value is not null && below.Any(field => field.Key != "."))
        {
            Remove(below, value, desired?[name], defaults?[name], others);
            if (value is JsonObject { Count: 0 } or JsonArray { Count: 0 } && others.Count == 0 && desired?.ContainsKey(name) != true && defaults?.ContainsKey(name) != true)
            {
                target.Remove(name);
            }
        }
        else if (others.Count == 0 && desired?.ContainsKey(name) != true)
        {
            target.Remove(name);
            if (defaults?[name] is { } usual)
            {
                target[name] = usual.DeepClone();
            }
        }
    }

    private static JsonObject? Item(JsonArray? list, JsonObject keys) =>
        list?.OfType<JsonObject>().FirstOrDefault(item => keys.All(pair => JsonNode.DeepEquals(item[pair.Key], pair.Value)));

    private static bool Holds(JsonNode? list, JsonNode? member) => list is JsonArray items && items.Any(item => JsonNode.DeepEquals(item, member));
}
