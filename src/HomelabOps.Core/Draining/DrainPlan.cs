using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Draining;

/// <summary>What a drain of a node will do, and what the user has to know before.</summary>
internal sealed record DrainPlan
{
    /// <summary>The node.</summary>
    public required ResourceReference Node { get; init; }

    /// <summary>The pods that are evicted.</summary>
    public required IReadOnlyList<PodWire> Evicted { get; init; }

    /// <summary>Pods that stay: of DaemonSets, and those that the node runs from files of its own.</summary>
    public required IReadOnlyList<PodWire> Staying { get; init; }

    /// <summary>Those of the evicted ones that nothing makes anew.</summary>
    public IEnumerable<PodWire> Bare => Evicted.Where(DrainRules.IsBare);

    /// <summary>What is lost, or will not run elsewhere.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Pods for people.</summary>
    public static string Names(IEnumerable<PodWire> pods) => string.Join(", ", pods.Select(pod => $"{pod.Metadata.Namespace}/{pod.Metadata.Name}"));
}
