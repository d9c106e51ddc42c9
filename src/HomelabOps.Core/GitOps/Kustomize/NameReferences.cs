using System.Text.Json.Nodes;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Puts the new names of objects, given by prefixes, suffixes and hashes, wherever other objects refer to them.</summary>
internal sealed class NameReferences(ResourceSet resources)
{
    // Every field that may refer is looked up, and most of them name what no object of the set was ever called.
    private readonly ILookup<string, Resource> _byName = resources.Items
        .SelectMany(resource => resource.PreviousIds.Select(previous => previous.Name).Distinct(StringComparer.Ordinal).Select(name => (name, resource)))
        .ToLookup(pair => pair.name, pair => pair.resource, StringComparer.Ordinal);

    /// <summary>Changes all references.</summary>
    public void Update()
    {
        var originals = resources.Items.ConvertAll(resource => resource.OriginalId);
        var fields = new Dictionary<(string Group, string Version, string Kind), (FieldSpec Field, NameReference Reference)[]>();
        for (var index = 0; index < originals.Count; index++)
        {
            var original = originals[index];
            if (!fields.TryGetValue((original.Group, original.Version, original.Kind), out var referring))
            {
                referring = [.. resources.Config.NameReferences.SelectMany(reference => reference.Fields.Where(field => field.Selects(original)).Select(field => (field with { Create = false }, reference)))];
                fields[(original.Group, original.Version, original.Kind)] = referring;
            }

            foreach (var (field, reference) in referring)
            {
                Update(resources.Items[index], field, reference);
            }
        }
    }

    private void Update(Resource referrer, FieldSpec field, NameReference reference)
    {
        // What type the object was of when it was read decides, whatever a patch has made of it.
        field.Change(referrer, null, value =>
        {
            switch (value)
            {
                case JsonObject map:
                    Update(referrer, map, field, reference);
                    return map;
                case JsonArray list:
                    for (var index = 0; index < list.Count; index++)
                    {
                        if (list[index] is JsonObject item)
                        {
                            Update(referrer, item, field, reference);
                        }
                        else if (list[index] is JsonValue text && Find(referrer, Scalars.Text(text)!, Reachable(referrer, Scalars.Text(text)!), field, reference, withNamespace: false) is { } target)
                        {
                            list[index] = target.Name;
                        }
                    }

                    return list;
                case JsonValue text when Find(referrer, Scalars.Text(text)!, Reachable(referrer, Scalars.Text(text)!), field, reference, withNamespace: false) is { } target && target.Name != Scalars.Text(text):
                    return target.Name;
                default:
                    return value;
            }
        });
    }

    // A reference that has a namespace of its own, as subjects of role bindings and services of webhooks have.
    private void Update(Resource referrer, JsonObject map, FieldSpec field, NameReference reference)
    {
        if (map["name"] is not JsonValue name)
        {
            throw Errors.KustomizeBuildFailed(referrer.Place, Errors.Text("Detail_BuildReferenceName", field.Path, referrer.Id));
        }

        var candidates = Reachable(referrer, Scalars.Text(name)!);
        if (map.TryGetPropertyValue("namespace", out var written))
        {
            // Namespaces have new names too: what is written is the old one where any object in reach was read in it.
            var ns = Scalars.Text(written) ?? "";
            var reaches = ReachOf(referrer);
            var isOriginal = resources.Items.Exists(item => item.OriginalId.EffectiveNamespace == ns && reaches(item));
            candidates = candidates.Where(item => (isOriginal ? item.OriginalId : item.Id).EffectiveNamespace == ns);
        }

        var target = Find(referrer, Scalars.Text(name)!, candidates, field, reference, withNamespace: true);
        if (target is null || (target.Name == Scalars.Text(name) && target.Namespace.Length == 0))
        {
            return;
        }

        map["name"] = target.Name;
        if (target.Namespace.Length > 0)
        {
            map["namespace"] = target.Namespace;
        }
    }

    private IEnumerable<Resource> Reachable(Resource referrer, string name) => _byName.Contains(name) ? _byName[name].Where(ReachOf(referrer)) : [];

    // What lives in a namespace refers to its own and to what lives in none; a role binding also to accounts of the namespaces it names.
    private static Func<Resource, bool> ReachOf(Resource referrer)
    {
        var id = referrer.Id;
        if (id.IsClusterScoped)
        {
            return _ => true;
        }

        var named = id.Kind == "RoleBinding" && referrer.Body!["subjects"] is JsonArray subjects
            ? subjects.OfType<JsonObject>().Where(subject => Scalars.Text(subject["kind"]) == "ServiceAccount").Select(subject => Scalars.Text(subject["namespace"])).ToHashSet(StringComparer.Ordinal)
            : [];
        return item => item.Id is var other && (other.IsClusterScoped || other.EffectiveNamespace == id.EffectiveNamespace || named.Contains(other.Namespace));
    }

    private static Resource? Find(Resource referrer, string name, IEnumerable<Resource> reachable, FieldSpec field, NameReference reference, bool withNamespace)
    {
        var id = referrer.Id;
        var candidates = reachable.Where(item =>
            item.PreviousIds.Any(previous => previous.IsOfType(reference.Group, reference.Version, reference.Kind))
            && IsRole(referrer, field, item)
            && (id.IsClusterScoped || item.Id.IsClusterScoped || item.Kind == "ServiceAccount" || item.Id.EffectiveNamespace == id.EffectiveNamespace)).ToArray();
        if (candidates.Length == 1)
        {
            return candidates[0];
        }

        candidates = [.. candidates.Where(item => HasSameContext(item, referrer, allowsEmpty: true))];
        if (candidates.Length > 1)
        {
            candidates = [.. candidates.Where(item => HasSameContext(item, referrer, allowsEmpty: false))];
        }

        if (candidates.Length <= 1)
        {
            return candidates.FirstOrDefault();
        }

        return Array.TrueForAll(candidates, item => item.Name == candidates[0].Name && (!withNamespace || item.Namespace == candidates[0].Namespace))
            ? candidates[0]
            : throw Errors.KustomizeBuildFailed(referrer.Place, Errors.Text("Detail_BuildReferences", name, field.Path, string.Join(", ", candidates.Select(item => item.Id))));
    }

    // A role of the same name and another kind is not meant.
    private static bool IsRole(Resource referrer, FieldSpec field, Resource candidate)
    {
        if (!field.Path.EndsWith("roleRef/name", StringComparison.Ordinal) || referrer.Body!["roleRef"] is not JsonObject role || Scalars.Text(role["apiGroup"]) is not { } group || Scalars.Text(role["kind"]) is not { } kind)
        {
            return true;
        }

        return candidate.PreviousIds.Any(previous => previous.IsOfType(group, "", kind));
    }

    private static bool HasSameContext(Resource one, Resource other, bool allowsEmpty) =>
        EndAlike(one.Prefixes, other.Prefixes, allowsEmpty) && EndAlike(one.Suffixes, other.Suffixes, allowsEmpty);

    private static bool EndAlike(List<string> one, List<string> other, bool allowsEmpty)
    {
        if (one.Count == 0 || other.Count == 0)
        {
            return allowsEmpty || one.Count == other.Count;
        }

        var length = Math.Min(one.Count, other.Count);
        return one.TakeLast(length).SequenceEqual(other.TakeLast(length), StringComparer.Ordinal);
    }
}
