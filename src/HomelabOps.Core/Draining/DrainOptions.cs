using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Draining;

/// <summary>How a node is drained.</summary>
internal sealed record DrainOptions
{
    /// <summary>Evicts also what nothing makes anew.</summary>
    public bool Force { get; init; }

    /// <summary>Label selector of the pods that are meant; null for all.</summary>
    public string? PodSelector { get; init; }

    /// <summary>Asks for each eviction once, and waits neither for budgets nor for the ends of pods.</summary>
    public bool NoWait { get; init; }

    /// <summary>How long budgets and pods may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Tells the user how the node is left when the command has been stopped, and may say no more itself.</summary>
    public Action<string> Tell { get; init; } = _ => { };

    /// <summary>The pods of a node that are meant.</summary>
    public ListQuery PodsOf(string node) => new() { FieldSelector = $"spec.nodeName={node}", LabelSelector = PodSelector };
}
