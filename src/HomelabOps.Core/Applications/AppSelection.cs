using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Applications;

/// <summary>Which applications are meant, by name or by what belongs to them, and what led to none.</summary>
internal sealed class AppSelection(ClusterClient client, AppQuery query)
{
    private readonly ObjectFilter _filter = new(query.Objects);
    private readonly HashSet<ResourceReference> _missing = [.. query.References];

    /// <summary>Something was asked for that only says what applies the application.</summary>
    public bool AsksForAppliers { get; } = query.References.Any(reference => reference.Kind is FluxKind.Kustomization or FluxKind.HelmRelease);

    /// <summary>Whether the name is asked for, or names do not matter.</summary>
    public bool MayAccept(ResourceReference workload) => query.References.Count > 0 || _filter.Accepts(workload.Kind, workload.Namespace, workload.Name);

    /// <summary>Whether the application is asked for.</summary>
    public bool Accepts(HomelabApp app)
    {
        if (query.References.Count == 0)
        {
            return true;
        }

        var own = Parts(app).ToHashSet();
        var found = query.References.Where(own.Contains).ToList();
        _missing.ExceptWith(found);
        return found.Count > 0;
    }

    /// <summary>An error for each literal name, and each object, that led to no application.</summary>
    /// <param name="isMover">Whether VolSync runs it.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public async Task<IReadOnlyList<HomelabException>> MissingAsync(Func<ResourceReference, bool> isMover, CancellationToken cancellationToken) => query.References.Count == 0
        ? await _filter.MissingAsync(client, "App", "app", cancellationToken)
        : [.. query.References.Where(_missing.Contains).Select(reference => isMover(reference) ? Errors.AppUnknownMover(reference) : Errors.AppUnknown(reference))];

    // All that leads to the application.
    private static IEnumerable<ResourceReference> Parts(HomelabApp app)
    {
        ResourceReference Beside(string kind, string name) => app.Reference with { Kind = kind, Name = name };
        return app.Pods.Select(pod => pod.Reference)
            .Concat(app.Services.SelectMany(service => new[] { Beside("Service", service.Name), Beside("Endpoints", service.Name) }))
            .Concat(app.Ingresses.Select(ingress => Beside("Ingress", ingress.Name)))
            .Concat(app.Volumes.SelectMany(volume => new[] { Beside("PersistentVolumeClaim", volume.Claim), Beside("PersistentVolume", volume.Volume) with { Namespace = "" } }))
            .Concat(app.Nodes.Select(node => Beside("Node", node) with { Namespace = "" }))
            .Concat(app.Replications)
            .Concat(new[] { app.Reference, app.HelmRelease, app.Kustomization }.OfType<ResourceReference>());
    }
}
