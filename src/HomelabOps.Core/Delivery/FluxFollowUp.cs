using System.Runtime.CompilerServices;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Reconciling;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Delivery;

/// <summary>Lets Flux take up a commit that was pushed: sources and parents first, from the top down.</summary>
internal static class FluxFollowUp
{
    /// <summary>Reconciles Kustomizations and waits for them.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="names">The Kustomizations, as <c>namespace/name</c> or as a name. Those that the cluster does not have yet are left to their parents.</param>
    /// <param name="timeout">How long each may take.</param>
    /// <param name="journal">Where the requests are written down.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async IAsyncEnumerable<Streamed<FluxReconcileResult>> RunAsync(
        ClusterClient client,
        IReadOnlyList<string> names,
        TimeSpan timeout,
        ChangeJournal journal,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (names.Count == 0)
        {
            yield break;
        }

        var found = await FluxTargets.FindAsync(client, [.. names.Select(name => new ResourcePattern(name))], [], [], cancellationToken, allowSeveral: true, within: [FluxKind.Kustomization]);
        foreach (var failure in found.Failures.Where(failure => failure.Kind != ErrorKind.ObjectNotFound))
        {
            yield return new FailureNotice(failure);
        }

        var options = new FluxReconcileOptions { Chain = true, Timeout = timeout };
        var plan = FluxReconcilePlan.Make(found.Targets.Where(target => !target.Suspended), found.All, options);
        var suspended = found.Targets.Where(target => target.Suspended).Concat(plan.Steps.Select(step => step.Resource).Where(resource => resource.Suspended)).DistinctBy(resource => resource.Reference).ToList();
        foreach (var resource in suspended)
        {
            yield return new FailureNotice(Errors.FluxSuspended(resource));
        }

        // What is applied from a source that stands still is not the commit.
        if (plan.Steps.Any(step => step.Resource.Suspended))
        {
            yield break;
        }

        await foreach (var item in FluxReconciler.RunAsync(client, plan, options, journal, cancellationToken))
        {
            yield return item;
        }
    }
}
