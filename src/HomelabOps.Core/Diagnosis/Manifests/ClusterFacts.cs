using System.Text.Json.Nodes;

namespace HomelabOps.Core.Diagnosis.Manifests;

/// <summary>What is known beside the repository: of a cluster, or from a folder of definitions.</summary>
internal sealed record ClusterFacts
{
    /// <summary>Nothing is known.</summary>
    public static ClusterFacts None { get; } = new();

    /// <summary>CustomResourceDefinitions that were named; they come before those in the repository.</summary>
    public IReadOnlyList<JsonObject> NamedDefinitions { get; init; } = [];

    /// <summary>CustomResourceDefinitions of the cluster; those in the repository come before them, since they are what will be there.</summary>
    public IReadOnlyList<JsonObject> Definitions { get; init; } = [];

    /// <summary>The namespaces of the cluster; null when no cluster was asked.</summary>
    public IReadOnlySet<string>? Namespaces { get; init; }
}
