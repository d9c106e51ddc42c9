using System.Text.Json.Nodes;

namespace HomelabOps.Core.Patching;

/// <summary>Kubernetes' strategic merge patch, as an API server applies it: lists of known fields merge by key, and directives say what a plain merge cannot.</summary>
public static class StrategicMergePatch
{
    /// <summary>The object after the patch; the inputs stay as they are.</summary>
    /// <param name="target">The object.</param>
    /// <param name="patch">The patch.</param>
    /// <param name="schema">What is known of the object's kind: <see cref="BuiltInSchemas.Require"/>.</param>
    /// <exception cref="PatchException">The patch has a directive that is malformed or does not fit.</exception>
    public static JsonObject Apply(JsonObject target, JsonObject patch, PatchSchema schema)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(patch);
        ArgumentNullException.ThrowIfNull(schema);

        // Everything below may take the nodes of both apart.
        return MergeMap((JsonObject)target.DeepClone(), (JsonObject)patch.DeepClone(), schema);
    }

    internal static JsonObject MergeMap(JsonObject target, JsonObject patch, PatchSchema schema)
    {
        if (patch.TryGetPropertyValue(Directives.Patch, out var directive))
        {
            return Directives.TextOf(directive) switch
            {
                "replace" => Directives.Strip(patch),
                "delete" => [],
                var other => throw Directives.UnknownType(other, patch),
            };
        }

        Directives.RetainKeys(target, patch);
        MergeOrderedLists(target, patch, schema);
        foreach (var (name, change) in patch.ToArray())
        {
            patch.Remove(name);
            MergeField(target, name, change, schema);
        }

        return target;
    }

    private static void MergeField(JsonObject target, string name, JsonNode? change, PatchSchema schema)
    {
        var deletes = Directives.FieldOf(name, Directives.DeleteFromList);
        name = deletes ?? name;
        var field = schema.Field(name);
        switch (change, target[name])
        {
            case (null, _):
                target.Remove(name);
                break;
            case (JsonArray values, JsonArray list) when deletes is not null:
                target[name] = ListMerge.Without(list, values);
                break;
            case (JsonArray, _) when deletes is not null:
                break;
            case (_, _) when deletes is not null:
                throw PatchException.Inapplicable($"{Directives.DeleteFromList}{name}: cannot restore slice from {GoText.TypeOf(change)}");
            case (JsonObject changes, JsonObject map):
                Put(target, name, MergeMap(map, changes, field.Schema));
                break;
            case (JsonArray changes, JsonArray list) when field.Merges:
                target[name] = ListMerge.Merge(list, changes, field);
                break;
            default:
                target[name] = Directives.Clean(change);
                break;
        }
    }

    // The order may be set for a list that the patch does not change, so these lists come before all other fields.
    private static void MergeOrderedLists(JsonObject target, JsonObject patch, PatchSchema schema)
    {
        foreach (var (directive, order) in patch.ToArray())
        {
            if (Directives.FieldOf(directive, Directives.SetElementOrder) is not { } name)
            {
                continue;
            }

            patch.Remove(directive);
            var wanted = Directives.List(order);
            var live = target[name] is { } has ? Directives.List(has) : null;
            var changes = patch[name] is { } change ? Directives.List(change) : null;
            var field = schema.Field(name);
            patch.Remove(name);
            ListMerge.RequireOrder(changes, wanted, field.MergeKey);
            if (ListMerge.MergeOrdered(live, changes, wanted, field) is { } merged)
            {
                target[name] = merged;
            }
        }
    }

    // A merge in place gives the node that is there already, and keeps its place among the fields.
    private static void Put(JsonObject target, string name, JsonObject value)
    {
        if (!ReferenceEquals(target[name], value))
        {
            target[name] = value;
        }
    }
}
