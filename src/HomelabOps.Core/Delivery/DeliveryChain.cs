using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Delivery;

/// <summary>What a commit passes on its way to an application.</summary>
/// <param name="Source">The source that fetches it.</param>
/// <param name="Kustomizations">What applies it, from the top down; the last one applies the application or its HelmRelease.</param>
/// <param name="Release">The HelmRelease that makes the application; null for none.</param>
internal sealed record DeliveryChain(FluxResource Source, IReadOnlyList<FluxResource> Kustomizations, FluxResource? Release)
{
    /// <summary>All of it, in the order of the way.</summary>
    public IReadOnlyList<FluxResource> All => [.. Revised, .. Release is null ? Array.Empty<FluxResource>() : [Release]];

    /// <summary>What is at a revision of the repository, in the order of the way. A release is at none.</summary>
    public IReadOnlyList<FluxResource> Revised => [Source, .. Kustomizations];

    /// <summary>Finds the way to a workload.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="workload">The workload.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HomelabException">FluxOwnerNotFound, FluxNotInstalled, or what could not be read.</exception>
    public static async Task<DeliveryChain> FindAsync(ClusterClient client, ResourceReference workload, CancellationToken cancellationToken)
    {
        var found = await FluxTargets.FindAsync(client, [new ResourcePattern(workload)], [], [], cancellationToken);
        if (found.Targets is not [var applier, ..])
        {
            throw found.Failures is [var failure, ..] ? failure : Errors.FluxOwnerNotFound(workload, []);
        }

        var objects = found.All.ToDictionary(resource => resource.Reference);
        var release = applier.Kind == FluxKind.HelmRelease ? applier : null;
        var kustomizations = new List<FluxResource>();
        var seen = new HashSet<ResourceReference>();
        for (var current = applier; current is not null && seen.Add(current.Reference); current = current.Owner is { } owner ? objects.GetValueOrDefault(owner) : null)
        {
            // A chart may itself bring HelmReleases; only Kustomizations are at a revision of the repository.
            if (current.Kind == FluxKind.Kustomization)
            {
                kustomizations.Insert(0, current);
            }
        }

        if (kustomizations is not [.., var nearest] || FluxSources.Of(nearest, objects) is not { } source)
        {
            throw Errors.FluxOwnerNotFound(applier.Reference);
        }

        // A parent of another repository does not wait for this commit.
        kustomizations.RemoveAll(kustomization => kustomization.Source != nearest.Source);
        return new(source, kustomizations, release);
    }
}
