namespace HomelabOps.Core.Flux;

/// <summary>Who waits for whom among Flux' objects, so that thirty red rows become one broken link.</summary>
/// <param name="unknown">Kinds that could not be read in full: an object of theirs that is not here may well exist.</param>
internal sealed class FluxGraph(ISet<string> unknown)
{
    private readonly Dictionary<ResourceReference, FluxResource> _objects = [];

    /// <summary>Takes nothing from the absence of objects of this kind any more.</summary>
    public void Ignore(string kind) => unknown.Add(kind);

    /// <summary>Adds an object, or its newer state.</summary>
    public void Set(FluxResource resource) => _objects[resource.Reference] = resource;

    /// <summary>Takes an object out.</summary>
    public void Remove(FluxResource resource) => _objects.Remove(resource.Reference);

    /// <summary>The object with what blocks it and the cause at the end of that chain.</summary>
    public FluxResource Explain(FluxResource resource)
    {
        var blockers = Blockers(resource);
        if (blockers.Count == 0)
        {
            return resource;
        }

        var (root, remedy) = Root(resource.Reference, blockers);
        return resource with { BlockedBy = blockers, RootCause = root == resource.Reference ? null : root, Remedy = remedy };
    }

    // An object that is ready is not blocked, and one that is suspended waits for nobody but its owner.
    private List<ResourceReference> Blockers(FluxResource resource)
    {
        if (resource.Ready == ConditionStatus.True || resource.Suspended)
        {
            return [];
        }

        // A HelmRelease's chart is nearer to it than the repository that the chart is from.
        return [.. ((FluxSources.Of(resource, _objects)?.Reference ?? resource.Source) is { } source ? resource.DependsOn.Prepend(source) : resource.DependsOn).Where(Blocks)];
    }

    // Something that does not exist, or is not ready. What was ready when it was suspended does not block.
    private bool Blocks(ResourceReference reference) =>
        _objects.TryGetValue(reference, out var resource) ? resource.Ready != ConditionStatus.True : !unknown.Contains(reference.Kind);

    private (ResourceReference Root, string Remedy) Root(ResourceReference start, List<ResourceReference> blockers)
    {
        List<ResourceReference> way = [start];
        HashSet<ResourceReference> seen = [start];
        var current = blockers[0];
        while (seen.Add(current))
        {
            way.Add(current);
            if (!_objects.TryGetValue(current, out var resource))
            {
                return (current, FluxRemedies.OfAbsent(current, way[^2]));
            }

            if (Blockers(resource) is not [var next, ..])
            {
                return (current, FluxRemedies.OfBlocked(current));
            }

            current = next;
        }

        // A circle has no end: the last object before it closes is named. Who waits for itself is its own cause.
        return (way[^1], FluxRemedies.OfCircle([.. way[way.IndexOf(current)..], current]));
    }
}
