using System.Text.Json.Nodes;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>A field of some types: what kustomize calls a field spec. Lists on the way are entered without being named.</summary>
internal sealed record FieldSpec(string Path, string Group = "", string Version = "", string Kind = "", bool Create = false)
{
    private string[]? _parts;

    /// <summary>The keys on the way; [] at the end of one says that a list is expected, \/ stands for a slash within a key.</summary>
    public IReadOnlyList<string> Parts => _parts ??= FieldPath.Split(Path, '/');

    public bool Selects(ResourceId id) => id.IsOfType(Group, Version, Kind);

    /// <summary>Whether the other one is for the same field of the same or a wider choice of types.</summary>
    public bool IsCoveredBy(FieldSpec other) => Path == other.Path
        && (other.Group.Length == 0 || other.Group == Group)
        && (other.Version.Length == 0 || other.Version == Version)
        && (other.Kind.Length == 0 || other.Kind == Kind);

    /// <summary>Changes the field wherever it is in the object.</summary>
    /// <param name="resource">The object.</param>
    /// <param name="create">What is put where the field is missing and the spec says that it is to be created; null: nothing is.</param>
    /// <param name="set">Gives the new value for the old one.</param>
    public void Apply(Resource resource, Func<JsonNode>? create, Func<JsonNode?, JsonNode?> set)
    {
        if (Selects(resource.Id))
        {
            Change(resource, create, set);
        }
    }

    /// <summary>The same for an object that is known to be of the types.</summary>
    public void Change(Resource resource, Func<JsonNode>? create, Func<JsonNode?, JsonNode?> set) => Apply(resource, resource.Body!, 0, create, set);

    private void Apply(Resource resource, JsonNode? node, int depth, Func<JsonNode>? create, Func<JsonNode?, JsonNode?> set)
    {
        switch (node)
        {
            case null:
            case JsonValue value when Scalars.Text(value) is "":
                return;
            case JsonArray list:
                for (var index = 0; index < list.Count; index++)
                {
                    Apply(resource, list[index], depth, create, set);
                }

                return;
            case JsonObject map:
                Enter(resource, map, depth, create, set);
                return;
            default:
                throw Errors.KustomizeBuildFailed(resource.Place, Errors.Text("Detail_BuildField", Path, resource.Id));
        }
    }

    private void Enter(Resource resource, JsonObject map, int depth, Func<JsonNode>? create, Func<JsonNode?, JsonNode?> set)
    {
        var isList = Parts[depth].EndsWith("[]", StringComparison.Ordinal);
        var key = isList ? Parts[depth][..^2] : Parts[depth];
        var isLast = depth == Parts.Count - 1;
        var mayCreate = Create && create is not null && !isList;
        if (!map.ContainsKey(key) && !mayCreate)
        {
            return;
        }

        if ((map[key] is null && (mayCreate || isList)) || (mayCreate && Scalars.Text(map[key]) is ""))
        {
            map[key] = isList ? new JsonArray() : isLast ? create!() : new JsonObject();
        }

        if (!isLast)
        {
            Apply(resource, map[key], depth + 1, create, set);
        }
        else if (set(map[key]) is var value && !ReferenceEquals(value, map[key]))
        {
            map[key] = value;
        }
    }
}
