using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Discovery;

namespace HomelabOps.Core.Flux;

/// <summary>Finds out which of Flux' kinds a cluster serves.</summary>
internal static class FluxTypes
{
    /// <summary>All served types, in the order in which content flows.</summary>
    /// <exception cref="HomelabException">FluxNotInstalled, FluxKindUnknown.</exception>
    public static async Task<IReadOnlyList<ResourceType>> FindAsync(ClusterClient client, FluxQuery query, CancellationToken cancellationToken)
    {
        var served = await client.Discovery.ResourcesAsync(FluxKind.Groups, cancellationToken);
        var unknown = Unserved(query, served);
        var isNothing = !served.Any(type => query.IsWithin(type.Kind));
        if ((unknown is not null || isNothing) && await client.Discovery.ForgetAsync(cancellationToken))
        {
            // Asked again before it is said to be missing: it may be newer than what is remembered.
            served = await client.Discovery.ResourcesAsync(FluxKind.Groups, cancellationToken);
            unknown = Unserved(query, served);
        }

        if (served.Count == 0)
        {
            throw Errors.FluxNotInstalled(client.Name);
        }

        return unknown is null
            ? [.. served.Select(type => type.Type).OrderBy(type => FluxKind.Order(type.Kind))]
            : throw Errors.FluxKindUnknown(client.Name, unknown, served.Select(type => type.Kind).Where(query.IsWithin).OrderBy(FluxKind.Order));
    }

    // A kind that only wildcards could mean is no mistake, one that was typed in full is.
    private static string? Unserved(FluxQuery query, IReadOnlyList<ServedResource> served) =>
        query.Kinds.FirstOrDefault(kind => !ResourcePattern.HasWildcard(kind) && !served.Any(type => query.IsWithin(type.Kind) && ResourcePattern.Matches(kind, type.Kind)));
}
