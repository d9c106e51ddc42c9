using System.Runtime.CompilerServices;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Reconciling;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Applications;

/// <summary>Restarts Syncthings, all at the same time, and lets Flux apply the storage manifests afterwards.</summary>
internal static class ReplicationRestarter
{
    /// <summary>Restarts, reconciles and gives what came of it.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="targets">The Syncthings.</param>
    /// <param name="kustomization">Flux Kustomization of the storage manifests; null to leave it alone.</param>
    /// <param name="timeout">How long each part may take; null to wait for nothing.</param>
    /// <param name="journal">Where the changes are written down.</param>
    /// <param name="cancellationToken">Ends the waiting; what was deleted stays so.</param>
    public static async IAsyncEnumerable<Streamed<SyncthingRestart>> RunAsync(
        ClusterClient client,
        IReadOnlyList<SyncthingTarget> targets,
        string? kustomization,
        TimeSpan? timeout,
        ChangeJournal journal,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var activity = Errors.Text("SyncthingRestarting", targets.Count);
        yield return new ProgressNotice(activity, string.Join(", ", targets.Select(target => target.Source)), IsDone: false);
        var restarts = await Task.WhenAll(targets.Select(target => TryAsync(client, target, timeout, journal, cancellationToken)));
        yield return new ProgressNotice(activity, activity, IsDone: true);
        var isReconciled = false;
        if (kustomization is not null)
        {
            await foreach (var item in ReconcileAsync(client, kustomization, timeout, journal, cancellationToken))
            {
                isReconciled |= item.Value is { Healthy: true };
                if (item.Notice is { } notice)
                {
                    yield return notice;
                }
            }
        }

        foreach (var (restart, failure) in restarts)
        {
            if (restart is not null)
            {
                yield return restart with { Reconciled = isReconciled };
            }

            if (failure is not null)
            {
                yield return new FailureNotice(failure);
            }
        }
    }

    private static async Task<(SyncthingRestart? Restart, HomelabException? Failure)> TryAsync(ClusterClient client, SyncthingTarget target, TimeSpan? timeout, ChangeJournal journal, CancellationToken cancellationToken)
    {
        try
        {
            return await SyncthingRestarter.RestartAsync(client, target, timeout, journal, cancellationToken);
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            return (null, error);
        }
    }

    private static async IAsyncEnumerable<Streamed<FluxReconcileResult>> ReconcileAsync(ClusterClient client, string kustomization, TimeSpan? timeout, ChangeJournal journal, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = await FluxTargets.FindAsync(client, [new ResourcePattern(kustomization)], [], [FluxKind.Kustomization], cancellationToken);
        foreach (var failure in found.Failures)
        {
            yield return new FailureNotice(failure);
        }

        foreach (var suspended in found.Targets.Where(target => target.Suspended))
        {
            yield return new FailureNotice(Errors.FluxSuspended(suspended));
        }

        var options = new FluxReconcileOptions { Timeout = timeout ?? TimeSpan.FromMinutes(5), NoWait = timeout is null };
        var plan = FluxReconcilePlan.Make(found.Targets.Where(target => !target.Suspended), found.All, options);
        await foreach (var item in FluxReconciler.RunAsync(client, plan, options, journal, cancellationToken))
        {
            yield return item;
        }
    }
}
