using System.Text.Json.Nodes;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>The objects of a build in their order, and the fields that are to be changed in them.</summary>
internal sealed class ResourceSet
{
    public List<Resource> Items { get; private set; } = [];

    public TransformerConfig Config { get; private set; } = new();

    public void Configure(TransformerConfig config) => Config = Config.Merge(config);

    /// <summary>Adds objects; none of them may be there already.</summary>
    /// <param name="resources">The objects.</param>
    /// <param name="fail">Makes the error for an id that is there already.</param>
    public void Append(IEnumerable<Resource> resources, Func<Resource, HomelabException> fail)
    {
        var known = Items.Select(Key).ToHashSet();
        foreach (var resource in resources)
        {
            if (!known.Add(Key(resource)))
            {
                throw fail(resource);
            }

            Items.Add(resource);
        }
    }

    /// <summary>Adds a generated object, or lets it replace or complete the one of its name.</summary>
    public void Absorb(Resource resource, FileReference place)
    {
        var id = resource.Id;
        var matches = Items.FindAll(item => item.AllIds.Any(other => other.Matches(id)));
        if (matches.Count == 0)
        {
            if (resource.Behavior != GenerationBehavior.Create)
            {
                throw place.Invalid("Detail_GeneratorNothing", id);
            }

            Items.Add(resource);
            return;
        }

        if (matches.Count > 1)
        {
            throw place.Invalid("Detail_GeneratorAmbiguous", id);
        }

        var old = matches[0];
        switch (resource.Behavior)
        {
            case GenerationBehavior.Create:
                throw place.Invalid("Detail_GeneratorExists", id);
            case GenerationBehavior.Merge:
                MergeData(old, resource, "data");
                MergeData(old, resource, "binaryData");
                resource.Origin = old.Origin;
                break;
            default:
                break;
        }

        foreach (var field in new[] { "labels", "annotations" })
        {
            var map = old.MetadataMap(field);
            foreach (var (key, value) in resource.MetadataMap(field))
            {
                map[key] = value;
            }

            resource.SetMetadataMap(field, map);
        }

        resource.Name = old.Name;
        resource.Namespace = old.Namespace;
        resource.TakeHistory(old);
        Items[Items.IndexOf(old)] = resource;
    }

    /// <summary>The one object that has or had this id.</summary>
    public Resource? Find(ResourceId id, out int matches)
    {
        var found = Items.FindAll(item => item.Body is not null && item.AllIds.Any(other => other.Matches(id)));
        matches = found.Count;
        return matches == 1 ? found[0] : null;
    }

    /// <summary>Removes what patches have deleted.</summary>
    public void DropDeleted() => Items.RemoveAll(item => item.Body is null or { Count: 0 });

    public void Replace(IEnumerable<Resource> items) => Items = [.. items];

    /// <summary>What makes the object unique.</summary>
    public static (string ApiVersion, string Kind, string Name, string Namespace) Key(Resource resource)
    {
        var id = resource.Id;
        return (id.ApiVersion, id.Kind, id.Name, id.EffectiveNamespace);
    }

    private static void MergeData(Resource old, Resource resource, string field)
    {
        var merged = new JsonObject();
        foreach (var source in new[] { old, resource })
        {
            foreach (var (key, value) in source.Body![field] as JsonObject ?? [])
            {
                merged[key] = Scalars.Text(value) ?? "";
            }
        }

        resource.Body!.Remove(field);
        if (merged.Count > 0)
        {
            resource.Body[field] = merged;
        }
    }
}
