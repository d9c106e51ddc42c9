using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Flux;

/// <summary>Which objects of Flux to read.</summary>
public sealed record FluxQuery
{
    /// <summary>Names, namespaces and label selector.</summary>
    public ObjectQuery Objects { get; init; } = new();

    /// <summary>Kinds, with wildcards; empty for all.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>Kinds among which <see cref="Kinds"/> chooses.</summary>
    public IReadOnlyList<string> Within { get; init; } = FluxKind.All;

    /// <summary>Only objects that are not ready, or are stale.</summary>
    public bool NotReady { get; init; }

    /// <summary>Only objects that are suspended.</summary>
    public bool Suspended { get; init; }

    /// <summary>Only kinds that content flows through are read: neither what automates images nor what notifies.</summary>
    internal bool FlowOnly { get; init; }

    /// <summary>The namespace that is read where the whole cluster may not be; null for none.</summary>
    internal string? Fallback { get => field ?? Objects.ToListQuery().Namespace; init; }

    // Kinds of a later Flux are among all, though this version does not know them.
    internal bool IsWithin(string kind) => Within.Contains(kind) || (ReferenceEquals(Within, FluxKind.All) && !FluxKind.All.Contains(kind));

    internal bool AcceptsKind(string kind) => IsWithin(kind) && (Kinds.Count == 0 || Kinds.Any(pattern => ResourcePattern.Matches(pattern, kind)));

    internal bool Accepts(FluxResource resource) =>
        !(NotReady && resource is { Ready: ConditionStatus.True, Stale: false }) && !(Suspended && !resource.Suspended);
}
