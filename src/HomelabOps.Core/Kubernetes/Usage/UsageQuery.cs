namespace HomelabOps.Core.Kubernetes.Usage;

/// <summary>Whose usage to read. Without pods and namespaces that of nodes.</summary>
public sealed record UsageQuery
{
    /// <summary>Nodes, with wildcards; empty for all where nodes are read.</summary>
    public IReadOnlyList<ResourcePattern> Nodes { get; init; } = [];

    /// <summary>Pods, with wildcards; empty for all where pods are read.</summary>
    public IReadOnlyList<ResourcePattern> Pods { get; init; } = [];

    /// <summary>Namespaces of the pods, with wildcards; empty for all.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    internal bool WantsPods => Pods.Count > 0 || Namespaces.Count > 0;

    internal bool WantsNodes => Nodes.Count > 0 || !WantsPods;
}
