namespace HomelabOps.Core.Kubernetes.Events;

/// <summary>Which events to read.</summary>
public sealed record EventQuery
{
    /// <summary>Namespaces of the events, with wildcards; empty for all.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Objects that the events are about; empty for all.</summary>
    public IReadOnlyList<ResourcePattern> For { get; init; } = [];

    /// <summary>What <see cref="For"/> names was read from the cluster, so that nobody need be told whether it exists.</summary>
    public bool IsForKnown { get; init; }

    /// <summary>Only warnings.</summary>
    public bool Warning { get; init; }
}
