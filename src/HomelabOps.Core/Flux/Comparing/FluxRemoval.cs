using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Flux.Comparing;

/// <summary>Tells what Kustomizations take along when they are deleted: what they have applied, where they prune it. Nothing is changed.</summary>
internal static class FluxRemoval
{
    /// <summary>Reads what goes with Kustomizations, and with those among it.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="gone">What is deleted; other kinds take nothing along here.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <returns>The objects, and a failure for each that cannot be read.</returns>
    public static async Task<(IReadOnlyList<ResourceReference> Taken, IReadOnlyList<HomelabException> Failures)> RunAsync(ClusterClient client, IReadOnlyCollection<ResourceReference> gone, CancellationToken cancellationToken)
    {
        var (taken, failures) = (new List<ResourceReference>(), new List<HomelabException>());
        var open = new Queue<ResourceReference>(gone.Where(item => item.Kind == FluxKind.Kustomization));
        var known = gone.ToHashSet();
        while (open.TryDequeue(out var next))
        {
            var type = (await FluxTypes.FindAsync(client, cancellationToken)).Single(type => type.Kind == FluxKind.Kustomization);
            if (await client.FindObjectAsync(type, next.Namespace, next.Name, cancellationToken) is not { } kustomization || !Prunes(kustomization) || FluxInventory.Of(kustomization) is not { } inventory)
            {
                continue;
            }

            if (FluxInventory.IsElsewhere(kustomization))
            {
                // Its objects are in a cluster that is not asked.
                failures.Add(Errors.FluxRemoteCluster(next));
                continue;
            }

            var trials = new ApplyTrials(client, await FluxComparer.TypesAsync(client, inventory, cancellationToken), [], kustomization);
            foreach (var key in inventory.Where(key => known.Add(key.Reference(client.Name))))
            {
                var trial = await trials.DeleteAsync(key, cancellationToken);
                if (trial.Action == FluxDifferenceAction.Delete)
                {
                    taken.Add(key.Reference(client.Name));
                    if (key is { Group: FluxKind.KustomizeGroup, Kind: FluxKind.Kustomization })
                    {
                        open.Enqueue(taken[^1]);
                    }
                }
                else if (trial.Notice is FailureNotice failure)
                {
                    failures.Add(failure.Error);
                }
            }
        }

        return (taken, failures);
    }

    // Its finalizer goes by this; while it is suspended it lets all be.
    private static bool Prunes(JsonObject kustomization)
    {
        var spec = kustomization["spec"];
        return Scalars.Text(spec?["suspend"]) != "true" && (Scalars.Text(spec?["deletionPolicy"]) ?? "MirrorPrune") switch
        {
            "MirrorPrune" => Scalars.Text(spec?["prune"]) == "true",
            var policy => policy is "Delete" or "WaitForTermination",
        };
    }
}
