using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Delivery;

/// <summary>Tells what of a commit runs in one cluster: its repository may serve several, and Kustomizations of one name have other paths there.</summary>
internal static class AwaitedRuns
{
    /// <summary>Leaves out what the cluster does not have and no Kustomization has applied to it.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="awaited">What runs somewhere, once the Kustomizations have applied the commit.</param>
    /// <param name="kustomizations">Those that were reconciled, as <c>namespace/name</c> or as a name.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async Task<IReadOnlyList<ResourceReference>> HereAsync(ClusterClient client, IReadOnlyList<ResourceReference> awaited, IReadOnlyList<string> kustomizations, CancellationToken cancellationToken)
    {
        var here = new List<ResourceReference>();
        HashSet<ResourceReference>? applied = null;
        foreach (var run in awaited)
        {
            if (await ExistsAsync(client, run, cancellationToken) || (applied ??= await AppliedAsync(client, kustomizations, cancellationToken)).Contains(run))
            {
                here.Add(run);
            }
        }

        return here;
    }

    private static async Task<bool> ExistsAsync(ClusterClient client, ResourceReference run, CancellationToken cancellationToken) => run.Kind == FluxKind.HelmRelease
        ? (await FluxTargets.FindAsync(client, [new ResourcePattern(run)], [], [], cancellationToken)).Targets.Count > 0
        : await WorkloadReader.FindAsync(client, run, cancellationToken) is not null;

    private static async Task<HashSet<ResourceReference>> AppliedAsync(ClusterClient client, IReadOnlyList<string> kustomizations, CancellationToken cancellationToken)
    {
        var applied = new HashSet<ResourceReference>();
        var type = (await FluxTypes.FindAsync(client, cancellationToken)).Single(type => type.Kind == FluxKind.Kustomization);

        // Listed, since who follows Flux may list its objects and need not be allowed to get them.
        await foreach (var item in client.ListAsync(type, new(), ObjectNodeContext.Default.ObjectNode, cancellationToken: cancellationToken))
        {
            // What one applies to another cluster is not here either.
            if (kustomizations.Any(name => FluxFollowUp.IsCalled(item.Metadata.Namespace ?? "", item.Metadata.Name, name)) && !FluxInventory.IsElsewhere(item.Json))
            {
                applied.UnionWith((FluxInventory.Of(item.Json) ?? []).Select(key => key.Reference(client.Name)));
            }
        }

        return applied;
    }
}
