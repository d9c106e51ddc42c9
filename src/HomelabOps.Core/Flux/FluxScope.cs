using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Flux;

/// <summary>What a query means in a cluster.</summary>
/// <param name="Types">All types of Flux that are served, in the order in which content flows.</param>
/// <param name="Query">The query with kinds as the cluster spells them, without the names in <paramref name="Failures"/>.</param>
/// <param name="Failures">FluxKindUnknown for each kind in front of a name that is none of those that are asked for.</param>
internal sealed record FluxScope(IReadOnlyList<ResourceType> Types, FluxQuery Query, IReadOnlyList<HomelabException> Failures)
{
    /// <summary>None of the names can mean anything. A query without names would mean all.</summary>
    public bool IsNothing => Failures.Count > 0 && Query.Objects.Names.Count == 0;
}
