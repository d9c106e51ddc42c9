namespace HomelabOps.Core.Kubernetes.Logs;

/// <summary>Which logs to read.</summary>
public sealed record LogQuery
{
    /// <summary>Names, namespaces and label selector of the pods.</summary>
    public ObjectQuery Objects { get; init; } = new();

    /// <summary>Applications that the pods belong to, with wildcards; empty for all.</summary>
    public IReadOnlyList<string> Apps { get; init; } = [];

    /// <summary>Controllers that the pods belong to, each with its namespace; empty for all.</summary>
    public IReadOnlyList<ResourcePattern> Workloads { get; init; } = [];

    /// <summary>Containers, with wildcards; empty for those that a user means without naming any.</summary>
    public IReadOnlyList<string> Containers { get; init; } = [];

    /// <summary>The container's run before its last restart.</summary>
    public bool Previous { get; init; }

    /// <summary>Go on with new lines.</summary>
    public bool Follow { get; init; }

    /// <summary>Only so many of the last lines of each container; null for all.</summary>
    public int? Tail { get; init; }

    /// <summary>Only lines of this last while; null for all.</summary>
    public TimeSpan? Since { get; init; }

    internal bool AcceptsContainer(string name) => Containers.Count == 0 || Containers.Any(pattern => ResourcePattern.Matches(pattern, name));
}
