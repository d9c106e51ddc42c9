using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Kubernetes.Events;

/// <summary>Which events are meant, and which names led to none.</summary>
internal sealed class EventSelection(ClusterClient client, EventQuery query)
{
    private readonly TypedNames _namespaces = new(query.Namespaces);
    private readonly HashSet<ResourcePattern> _missing = [.. query.For.Where(pattern => !pattern.IsWildcard && !query.IsForKnown && !(query.Warning && string.IsNullOrEmpty(pattern.Kind)))];

    public bool Accepts(HomelabEvent record)
    {
        if (!_namespaces.Accepts(record.Namespace))
        {
            return false;
        }

        if (query.For.Count == 0)
        {
            return true;
        }

        var found = false;
        foreach (var pattern in query.For.Where(pattern => record.Target is { } target && pattern.Matches(target.Kind, target.Namespace, target.Name)))
        {
            found = true;
            _missing.Remove(pattern);
        }

        return found;
    }

    /// <summary>
    /// An error for each literal name without events that belongs to no object either: events expire, so that an object
    /// without any is no mistake. A name without a kind cannot be looked up, and that nothing warns of it proves nothing.
    /// </summary>
    public async Task<IReadOnlyList<HomelabException>> MissingAsync(CancellationToken cancellationToken)
    {
        if (await Absence.OfAsync(client, ResourceType.Namespace, "namespace", _namespaces.Missing, cancellationToken) is { Count: > 0 } namespaces)
        {
            return namespaces;
        }

        var errors = new List<HomelabException>();
        foreach (var pattern in query.For.Where(_missing.Contains))
        {
            if (await MissingAsync(pattern, cancellationToken) is { } error)
            {
                errors.Add(error);
            }
        }

        return errors;
    }

    private async Task<HomelabException?> MissingAsync(ResourcePattern pattern, CancellationToken cancellationToken)
    {
        if (pattern.Kind is not { Length: > 0 } kind)
        {
            return Errors.EventNotFound(client.Name, pattern.Text);
        }

        if (await client.Discovery.FindAsync(kind, cancellationToken) is not { } found)
        {
            return Errors.KindNotFound(client.Name, kind, KindNames.Near(await client.Discovery.AllAsync(cancellationToken), kind));
        }

        var @namespace = found.Namespaced && !string.IsNullOrEmpty(pattern.Namespace) ? pattern.Namespace.ToLowerInvariant() : null;
        return await Absence.IsAbsentAsync(client, found.Type, @namespace, pattern.Name, cancellationToken)
            ? Errors.ObjectNotFound(client.Name, found.Kind, found.Kind, pattern.Name, @namespace)
            : null;
    }
}
