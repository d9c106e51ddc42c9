using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Yaml;
using HomelabOps.Core.Patching;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>
/// Strategic merge as kustomize does it. An API server keeps the order of a list and appends; kustomize puts the patch's elements
/// first, drops fields that are empty, and matches the elements of some lists by several keys.
/// </summary>
/// <param name="place">What is patched, for errors.</param>
internal sealed class StrategicMerge(string place)
{
    private const string Directive = "$patch";

    // What kustomize 5.5 has a schema of; lists of every other version are replaced.
    private static readonly HashSet<string> KnownVersions = new(StringComparer.Ordinal)
    {
        "v1", "apps/v1", "batch/v1", "batch/v1beta1", "autoscaling/v1", "autoscaling/v2beta1", "autoscaling/v2beta2", "policy/v1", "policy/v1beta1",
        "networking.k8s.io/v1", "networking.k8s.io/v1beta1", "extensions/v1beta1", "rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io/v1beta1",
        "storage.k8s.io/v1", "storage.k8s.io/v1beta1", "scheduling.k8s.io/v1", "scheduling.k8s.io/v1beta1", "coordination.k8s.io/v1", "node.k8s.io/v1",
        "admissionregistration.k8s.io/v1", "admissionregistration.k8s.io/v1beta1", "certificates.k8s.io/v1", "apiextensions.k8s.io/v1",
        "apiextensions.k8s.io/v1beta1", "apiregistration.k8s.io/v1",
    };

    // Lists that younger Kubernetes versions merge and kustomize 5.5 replaces.
    private static readonly HashSet<string> YoungLists = new(StringComparer.Ordinal) { "resourceClaims", "schedulingGates", "hostIPs", "resourceClaimStatuses" };

    /// <summary>Patches the object in place.</summary>
    /// <param name="target">The object, which takes over parts of the patch.</param>
    /// <param name="patch">The patch, which is used up.</param>
    /// <param name="source">The YAML of the object, where there is one.</param>
    /// <returns>The object, or null when the patch deletes it.</returns>
    public JsonObject? Apply(JsonObject target, JsonObject patch, YamlNode? source)
    {
        var result = Merge(new(true, target), new(true, patch), PatchField.Plain, source);
        return result.Value as JsonObject;
    }

    private Slot Merge(Slot target, Slot patch, PatchField field, YamlNode? source)
    {
        // An empty value within braces has become an empty text, which here still counts as nothing.
        if (source is { Text: "", IsInFlow: true, IsPlain: true } && Scalars.Text(target.Value) is "")
        {
            target = new(true, null);
        }

        var kind = KindOf(target.Value) ?? KindOf(patch.Value);
        if (KindOf(patch.Value) is { } other && other != kind)
        {
            throw Errors.KustomizeBuildFailed(place, Errors.Text("Detail_BuildMergeKinds", kind, other));
        }

        switch (kind)
        {
            case "list" when field.Merges:
                return MergeList(target, patch, field, source);
            case "list" or "scalar":
                return patch.Exists ? patch : target;
            default:
                return MergeMap(target, patch, field.Schema, source);
        }
    }

    private Slot MergeMap(Slot target, Slot patch, PatchSchema schema, YamlNode? source)
    {
        if (target.Value is null)
        {
            var directive = TakeDirective(patch.Value, isStrict: false);
            if (directive == "delete")
            {
                return default;
            }

            if (!patch.Exists)
            {
                // A null that was written survives, an empty value does not.
                return source is { Text: "" } ? default : target;
            }

            return patch.Value is null ? default : MergeFields((JsonObject)patch.Value, (JsonObject)patch.Value, schema, null);
        }

        if (patch is { Exists: true, Value: null })
        {
            return default;
        }

        return TakeDirective(patch.Value, isStrict: true) switch
        {
            "delete" => default,
            "replace" => MergeFields((JsonObject)patch.Value!, (JsonObject)patch.Value!, schema, null),
            _ => MergeFields((JsonObject)target.Value, patch.Value as JsonObject, schema, source),
        };
    }

    private Slot MergeFields(JsonObject result, JsonObject? patch, PatchSchema schema, YamlNode? source)
    {
        if (schema.Fields.Count == 0 && schema.Values is null)
        {
            var apiVersion = Scalars.Text(result["apiVersion"] ?? patch?["apiVersion"]);
            var kind = Scalars.Text(result["kind"] ?? patch?["kind"]);
            schema = apiVersion is null || kind is null || !KnownVersions.Contains(apiVersion) ? schema : BuiltInSchemas.FindOrPlain(apiVersion, kind);
        }

        foreach (var key in result.Select(entry => entry.Key).Union(patch?.Select(entry => entry.Key) ?? [], StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray())
        {
            var field = YoungLists.Contains(key) ? PatchField.Plain : schema.Field(key);
            var merged = Merge(Slot.Of(result, key), patch is null ? default : Slot.Of(patch, key), field, source?.Find(key));
            if (!merged.Exists || (merged.Value is null && patch is not null && patch.ContainsKey(key)))
            {
                result.Remove(key);
            }
            else if (!ReferenceEquals(merged.Value, result[key]))
            {
                result[key] = merged.Value?.Parent is null ? merged.Value : merged.Value.DeepClone();
            }
        }

        return new(true, result);
    }

    private Slot MergeList(Slot target, Slot patch, PatchField field, YamlNode? source)
    {
        var list = target.Value as JsonArray;
        if (list is null && patch.Value is null)
        {
            return default;
        }

        if (list is not null && patch is { Exists: true, Value: null })
        {
            return default;
        }

        var directive = list is null ? null : TakeListDirective(patch.Value as JsonArray);
        if (directive == "delete")
        {
            return default;
        }

        var targetItems = (list is null || directive == "replace" ? (JsonArray)patch.Value! : list).ToList();

        // A list that is new is both at once, and what is removed from the one is gone from the other.
        var patchItems = list is null || directive == "replace" ? targetItems : (patch.Value as JsonArray)?.ToList() ?? [];
        string[] keys = field.Keys.Count > 1 ? [.. field.Keys.Select(key => key.Name)] : field.MergeKey is { } single ? [single] : [""];
        var merged = new AssociativeList(keys, (old, change, name) =>
            Merge(old is null ? default : new(true, old), change is null ? default : new(true, change), field with { Merges = false }, SourceOf(source, keys[0], name))).Merge(targetItems, patchItems);
        return merged is null ? default : new(true, new JsonArray([.. merged.Select(item => item?.Parent is null ? item : item.DeepClone())]));
    }

    private static YamlNode? SourceOf(YamlNode? list, string key, string value) => list?.Items?.Find(item => item.Find(key)?.Text == value);

    private string? TakeDirective(JsonNode? patch, bool isStrict)
    {
        if (patch is not JsonObject map || !map.TryGetPropertyValue(Directive, out var value))
        {
            return null;
        }

        var text = Scalars.Text(value);
        if (text is "delete" or "replace" or "merge")
        {
            map.Remove(Directive);
            return text;
        }

        return isStrict ? throw Errors.KustomizeBuildFailed(place, Errors.Text("Detail_BuildDirective", text)) : null;
    }

    private string? TakeListDirective(JsonArray? patch)
    {
        if (patch?.FirstOrDefault(item => item is JsonObject map && map.ContainsKey(Directive)) is not JsonObject { Count: 1 } holder)
        {
            return null;
        }

        var text = Scalars.Text(holder[Directive]);
        foreach (var item in patch.Where(item => item is JsonObject map && Scalars.Text(map[Directive]) == text).ToArray())
        {
            patch.Remove(item);
        }

        return text is "delete" or "replace" or "merge" ? text : throw Errors.KustomizeBuildFailed(place, Errors.Text("Detail_BuildDirective", text));
    }

    private static string? KindOf(JsonNode? node) => node switch
    {
        null => null,
        JsonObject => "mapping",
        JsonArray => "list",
        _ => "scalar",
    };

    /// <summary>A value that may not be there at all, which is not the same as null.</summary>
    private readonly record struct Slot(bool Exists, JsonNode? Value)
    {
        public static Slot Of(JsonObject map, string key) => new(map.TryGetPropertyValue(key, out var value), value);

        public static implicit operator (bool Exists, JsonNode? Value)(Slot slot) => (slot.Exists, slot.Value);
    }
}
