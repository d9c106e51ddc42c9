namespace HomelabOps.Core.Kubernetes;

/// <summary>Filters the objects of one cluster by an <see cref="ObjectQuery"/> and remembers which names were not found.</summary>
internal sealed class ObjectFilter(ObjectQuery query)
{
    private readonly HashSet<ResourcePattern> _missing = [.. query.Names.Where(name => !name.IsWildcard)];

    private readonly TypedNames _namespaces = new(query.Namespaces);

    /// <summary>Whether the object is asked for.</summary>
    public bool Accepts(string kind, string @namespace, string name)
    {
        if (@namespace.Length > 0 && !_namespaces.Accepts(@namespace))
        {
            return false;
        }

        if (query.Names.Count == 0)
        {
            return true;
        }

        var found = false;
        foreach (var pattern in query.Names)
        {
            if (pattern.Matches(kind, @namespace, name))
            {
                found = true;
                _missing.Remove(pattern);
            }
        }

        return found;
    }

    /// <summary>An error for each literal name that nothing matched. A wildcard may match nothing.</summary>
    public IEnumerable<HomelabException> Missing(string cluster, string kind, string? noun = null) =>
        query.Names.Where(_missing.Contains).Select(name =>
            Errors.ObjectNotFound(cluster, kind, noun ?? kind, name.Text, query.Namespaces.Count == 0 ? null : string.Join(", ", query.Namespaces)));

    /// <summary>As <see cref="Missing"/>; where all names were found, an error for each literal namespace that does not exist.</summary>
    public async Task<IReadOnlyList<HomelabException>> MissingAsync(ClusterClient client, string kind, string? noun, CancellationToken cancellationToken) =>
        Missing(client.Name, kind, noun).ToList() is { Count: > 0 } missing
            ? missing
            : await Absence.OfAsync(client, ResourceType.Namespace, "namespace", _namespaces.Missing, cancellationToken);
}
