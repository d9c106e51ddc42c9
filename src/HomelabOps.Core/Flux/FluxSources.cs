namespace HomelabOps.Core.Flux;

/// <summary>What an object of Flux gets its content from.</summary>
internal static class FluxSources
{
    /// <summary>
    /// The source, or for a HelmRelease with a chart template the HelmChart that its controller makes of it. Empty for
    /// sources themselves and where it does not exist.
    /// </summary>
    /// <param name="resource">The object.</param>
    /// <param name="objects">All objects of Flux.</param>
    public static FluxResource? Of(FluxResource resource, IReadOnlyDictionary<ResourceReference, FluxResource> objects)
    {
        if (resource.Source is not { } reference)
        {
            return null;
        }

        // The chart's name is made of those of the release.
        var chart = new ResourceReference(reference.Cluster, FluxKind.HelmChart, reference.Namespace, $"{resource.Namespace}-{resource.Name}");
        return resource.Kind == FluxKind.HelmRelease && reference.Kind is not (FluxKind.HelmChart or "OCIRepository") && objects.TryGetValue(chart, out var made)
            ? made
            : objects.GetValueOrDefault(reference);
    }

    /// <summary>The sources behind an object, the nearest first: a chart, then its repository.</summary>
    public static IEnumerable<FluxResource> AllOf(FluxResource resource, IReadOnlyDictionary<ResourceReference, FluxResource> objects)
    {
        var seen = new HashSet<ResourceReference> { resource.Reference };
        for (var source = Of(resource, objects); source is not null && seen.Add(source.Reference); source = Of(source, objects))
        {
            yield return source;
        }
    }
}
