using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Flux;

/// <summary>What applies an object from Git, also where nobody can see it on the object.</summary>
internal static class FluxApplier
{
    /// <summary>
    /// The Kustomization or HelmRelease; null where nothing applies it. Labels tell it, and for an object that was deleted, or made again by
    /// hand, the lists of what Flux has applied.
    /// </summary>
    /// <param name="client">The cluster.</param>
    /// <param name="key">The object.</param>
    /// <param name="labels">Its labels; null where it is not there.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async Task<ResourceReference?> FindAsync(ClusterClient client, ObjectKey key, IReadOnlyDictionary<string, string>? labels, CancellationToken cancellationToken)
    {
        if (labels is not null && FluxOwner.Of(labels.GetValueOrDefault, client.Name) is { } owner)
        {
            return owner;
        }

        try
        {
            foreach (var served in (await client.Discovery.ResourcesAsync([FluxKind.KustomizeGroup], cancellationToken)).Where(served => served.Kind == FluxKind.Kustomization))
            {
                await foreach (var item in client.ListAsync(served.Type, new ListQuery(), ObjectNodeContext.Default.ObjectNode, cancellationToken: cancellationToken))
                {
                    if (!FluxInventory.IsElsewhere(item.Json) && FluxInventory.Of(item.Json)?.Contains(key) == true)
                    {
                        return new(client.Name, FluxKind.Kustomization, item.Metadata.Namespace ?? "", item.Metadata.Name);
                    }
                }
            }
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            // The labels are what there is to go by then.
        }

        return null;
    }
}
