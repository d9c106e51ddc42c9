namespace HomelabOps.Core.Kubernetes.Pods;

/// <summary>Which pods to read.</summary>
public sealed record PodQuery
{
    /// <summary>Names, namespaces and label selector.</summary>
    public ObjectQuery Objects { get; init; } = new();

    /// <summary>Nodes, with wildcards; empty for all.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>Applications, with wildcards; empty for all.</summary>
    public IReadOnlyList<string> Apps { get; init; } = [];

    /// <summary>Controllers that the pods belong to, each with its namespace; empty for all.</summary>
    public IReadOnlyList<ResourcePattern> Workloads { get; init; } = [];

    /// <summary>Only pods that are not healthy.</summary>
    public bool Unhealthy { get; init; }

    // With names of pods or applications the server must not drop a pod of another node: it would be reported as missing.
    internal ListQuery ToListQuery() => Objects.ToListQuery(
        Objects.Names.Count == 0 && Apps.All(ResourcePattern.HasWildcard) && Nodes is [var node] && !ResourcePattern.HasWildcard(node) ? $"spec.nodeName={node.ToLowerInvariant()}" : null);
}
