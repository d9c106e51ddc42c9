using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Flux;

/// <summary>Tells which kinds of Flux may not be read, in one error and as short as access rules can be written.</summary>
internal static class FluxAccess
{
    /// <param name="client">The cluster.</param>
    /// <param name="query">What was asked for.</param>
    /// <param name="verb">Verb that was refused.</param>
    /// <param name="types">All types that the cluster serves.</param>
    /// <param name="refused">Whether a type was refused.</param>
    /// <returns>Null when nothing was refused that was asked for.</returns>
    public static HomelabException? Denied(ClusterClient client, FluxQuery query, string verb, IEnumerable<ResourceType> types, Func<ResourceType, bool> refused)
    {
        var resources = types.Where(type => query.AcceptsKind(type.Kind)).GroupBy(type => type.Group, StringComparer.Ordinal)
            .SelectMany(group => group.Count() > 1 && group.All(refused) ? [$"*.{group.Key}"] : group.Where(refused).Select(type => type.QualifiedName)).ToList();
        return resources.Count == 0 ? null : Errors.AccessDenied(client.Name, verb, string.Join(", ", resources), query.Fallback);
    }
}
