using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Discovery;

namespace HomelabOps.Core.Flux;

/// <summary>Finds out which of Flux' kinds a cluster serves.</summary>
internal static class FluxTypes
{
    /// <summary>All served types, in the order in which content flows.</summary>
    /// <exception cref="HomelabException">FluxNotInstalled.</exception>
    public static async Task<IReadOnlyList<ResourceType>> FindAsync(ClusterClient client, CancellationToken cancellationToken) =>
        (await ScopeAsync(client, new FluxQuery(), cancellationToken)).Types;

    /// <summary>What a query means in the cluster.</summary>
    /// <exception cref="HomelabException">FluxNotInstalled; FluxKindUnknown for one of the query's kinds. That of a name is a failure of the scope.</exception>
    public static async Task<FluxScope> ScopeAsync(ClusterClient client, FluxQuery query, CancellationToken cancellationToken)
    {
        var served = await client.Discovery.ResourcesAsync(FluxKind.Groups, cancellationToken);
        if ((Unserved(query, served).Any() || !served.Any(type => query.IsWithin(type.Kind))) && await client.Discovery.ForgetAsync(cancellationToken))
        {
            // Asked again before it is said to be missing: it may be newer than what is remembered.
            served = await client.Discovery.ResourcesAsync(FluxKind.Groups, cancellationToken);
        }

        if (served.Count == 0)
        {
            throw Errors.FluxNotInstalled(client.Name);
        }

        var meant = FluxKindNames.Spell(query, served);
        var known = served.Select(type => type.Kind).Where(query.IsWithin).OrderBy(FluxKind.Order).ToList();
        if (meant.Kinds.FirstOrDefault(kind => !IsServed(kind, query, served)) is { } unknown)
        {
            throw Errors.FluxKindUnknown(client.Name, unknown, known);
        }

        var names = meant.Objects.Names.ToLookup(name => name.Kind is null || IsServed(name.Kind, query, served));
        return new(
            [.. served.Select(type => type.Type).OrderBy(type => FluxKind.Order(type.Kind))],
            meant with { Objects = meant.Objects with { Names = [.. names[true]] } },
            [.. names[false].Select(name => name.Kind!).Distinct(StringComparer.OrdinalIgnoreCase).Select(kind => Errors.FluxKindUnknown(client.Name, kind, known))]);
    }

    private static IEnumerable<string> Unserved(FluxQuery query, IReadOnlyList<ServedResource> served)
    {
        var meant = FluxKindNames.Spell(query, served);
        return meant.Kinds.Concat(meant.Objects.Names.Select(name => name.Kind).OfType<string>()).Where(kind => !IsServed(kind, query, served));
    }

    // A kind that only wildcards could mean is no mistake, one that was typed in full is.
    private static bool IsServed(string kind, FluxQuery query, IReadOnlyList<ServedResource> served) =>
        ResourcePattern.HasWildcard(kind) || served.Any(type => query.IsWithin(type.Kind) && ResourcePattern.Matches(kind, type.Kind));
}
