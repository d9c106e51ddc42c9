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
    /// <summary>
    /// Reconciles Kustomizations and waits for them. One that comes into being with the commit is not there before those above it have
    /// applied theirs, so it is looked for again afterwards: they are done also where they do not wait for it.
    /// </summary>
    /// <param name="client">The cluster.</param>
    /// <param name="names">The Kustomizations, as <c>namespace/name</c> or as a name. Those that the cluster has neither before nor afterwards are passed over: the repository may serve other clusters too.</param>
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
        var left = names;
        for (var isFirst = true; left.Count > 0; isFirst = false)
        {
            var found = await FindAsync(client, left, cancellationToken);
            if (isFirst)
            {
                foreach (var failure in found.Failures.Where(failure => failure.Kind != ErrorKind.ObjectNotFound))
                {
                    yield return new FailureNotice(failure);
                }
            }

            if (found.Targets.Count == 0)
            {
                yield break;
            }

            // What is above of those that have come now was reconciled a moment ago.
            await foreach (var item in RunAsync(client, found, new() { Chain = isFirst, Timeout = timeout }, journal, cancellationToken))
            {
                yield return item;
            }

            var rest = left.Where(name => !found.Targets.Any(target => IsCalled(target.Namespace, target.Name, name))).ToList();
            if (rest.Count == left.Count)
            {
                yield break;
            }

            left = rest;
        }
    }

    /// <summary>Whether a Kustomization goes by a name: <c>namespace/name</c>, or a name alone.</summary>
    public static bool IsCalled(string @namespace, string name, string typed) =>
        string.Equals(typed, name, StringComparison.OrdinalIgnoreCase) || string.Equals(typed, $"{@namespace}/{name}", StringComparison.OrdinalIgnoreCase);

    private static Task<FluxTargets> FindAsync(ClusterClient client, IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        FluxTargets.FindAsync(client, [.. names.Select(name => new ResourcePattern(name))], [], [], cancellationToken, allowSeveral: true, within: [FluxKind.Kustomization]);

    private static async IAsyncEnumerable<Streamed<FluxReconcileResult>> RunAsync(
        ClusterClient client,
        FluxTargets found,
        FluxReconcileOptions options,
        ChangeJournal journal,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
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
