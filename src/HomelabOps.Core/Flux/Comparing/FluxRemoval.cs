using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Flux.Comparing;

/// <summary>
/// Tells what goes along with objects of Flux that are deleted: what Kustomizations have applied and prune, what releases consist of, and
/// the claims of namespaces. Nothing is changed.
/// </summary>
internal static class FluxRemoval
{
    private const string HelmKeep = "helm.sh/resource-policy";

    /// <summary>Reads what goes along, and what goes along with that.</summary>
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

        List<ResourceReference> all = [.. gone, .. taken];

        // What a Kustomization would leave goes all the same with a namespace that it is in.
        var named = all.ToHashSet();
        await AddReleasedAsync(client, all, named, taken, failures, cancellationToken);
        await AddClaimsAsync(client, [.. all.Concat(taken).Where(item => item.Kind == "Namespace").Select(item => item.Name).Distinct(StringComparer.Ordinal)], named, taken, failures, cancellationToken);
        return (taken, failures);
    }

    // Its finalizer uninstalls a release, unless it is suspended. Helm itself lets be what the chart has marked.
    private static async Task AddReleasedAsync(ClusterClient client, List<ResourceReference> all, HashSet<ResourceReference> named, List<ResourceReference> taken, List<HomelabException> failures, CancellationToken cancellationToken)
    {
        var shelf = new ObjectShelf(client, type => type.Kind == "Secret");
        var released = new HelmObjects(client, shelf);
        foreach (var item in all.Where(item => item.Kind == FluxKind.HelmRelease).Distinct())
        {
            var key = new ObjectKey(FluxKind.HelmGroup, item.Kind, item.Namespace ?? "", item.Name);
            if ((await shelf.FindAsync(key, cancellationToken)).Json is not { } release || Scalars.Text(release["spec"]?["suspend"]) == "true")
            {
                continue;
            }

            if (FluxInventory.IsElsewhere(release))
            {
                failures.Add(Errors.FluxRemoteCluster(item));
                continue;
            }

            var inventory = await released.OfAsync(key, release, cancellationToken);
            failures.AddRange(inventory.Failure is { } failure ? [failure] : []);
            await shelf.LoadAsync(inventory.Objects, cancellationToken);
            taken.AddRange(inventory.Objects.Where(part => shelf.Of(part).Json is { } live && !IsKeptByHelm(live)).Select(part => part.Reference(client.Name)).Where(named.Add));
        }
    }

    // All else in a namespace can be made again.
    private static async Task AddClaimsAsync(ClusterClient client, IReadOnlyList<string> namespaces, HashSet<ResourceReference> named, List<ResourceReference> taken, List<HomelabException> failures, CancellationToken cancellationToken)
    {
        var shelf = new ObjectShelf(client, _ => true);
        var claims = (await shelf.TypeAsync("", "PersistentVolumeClaim", cancellationToken))!;
        foreach (var space in namespaces)
        {
            failures.AddRange(await shelf.LoadAllAsync(claims, space, cancellationToken) is { } failure ? [failure] : []);
        }

        taken.AddRange(shelf.All("", "PersistentVolumeClaim").Select(entry => entry.Key.Reference(client.Name)).Where(named.Add));
    }

    private static bool IsKeptByHelm(JsonObject live) => Scalars.Text((live["metadata"]?["annotations"] as JsonObject)?[HelmKeep]) == "keep";

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
