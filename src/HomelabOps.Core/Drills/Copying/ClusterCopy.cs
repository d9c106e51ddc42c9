using System.Text.Json.Nodes;

namespace HomelabOps.Core.Drills.Copying;

/// <summary>The objects of a cluster, without what its controllers make anew and without the value of any Secret.</summary>
internal sealed record ClusterCopy
{
    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The objects, by kinds.</summary>
    public required IReadOnlyList<CopiedKind> Kinds { get; init; }

    /// <summary>Why kinds could not be read, one each.</summary>
    public IReadOnlyList<HomelabException> Unread { get; init; } = [];

    /// <summary>Secrets of which not all keys are known.</summary>
    public IReadOnlyList<string> UnknownKeys { get; init; } = [];

    /// <summary>Number of all objects.</summary>
    public int Count => Kinds.Sum(kind => kind.Objects.Count);

    /// <summary>The objects of a kind; none where it is not served or could not be read.</summary>
    public IEnumerable<JsonObject> Of(string group, string kind) => Kinds.Where(each => each.Type.Group == group && each.Type.Kind == kind).SelectMany(each => each.Objects);
}
