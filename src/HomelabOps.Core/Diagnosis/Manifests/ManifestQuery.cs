using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Diagnosis.Manifests;

/// <summary>Which manifests are checked, and against what.</summary>
public sealed record ManifestQuery
{
    /// <summary>A folder or file; the repository is the working copy around it, else the folder itself.</summary>
    public required string Path { get; init; }

    /// <summary>A file with CustomResourceDefinitions, or a folder of such; null for none.</summary>
    public string? SchemaPath { get; init; }

    /// <summary>The cluster that is asked for definitions and namespaces; null for none.</summary>
    public ClusterClient? Client { get; init; }
}
