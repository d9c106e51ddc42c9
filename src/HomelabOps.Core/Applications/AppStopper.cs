using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Reconciling;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Applications;

/// <summary>
/// Stops applications so that Flux does not start them again, and starts them as they were. A Kustomization is told by an
/// annotation of the workload to leave it alone; a HelmRelease has no such thing, so it is suspended.
/// </summary>
internal static class AppStopper
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Stops an application and waits until its pods have gone.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="app">The application.</param>
    /// <param name="stop">Who stops it, why and until when.</param>
    /// <param name="options">Whether and how long to wait.</param>
    /// <param name="journal">Where the changes are written down.</param>
    /// <param name="cancellationToken">Ends the waiting; the application stays stopped.</param>
    public static IAsyncEnumerable<Streamed<HomelabApp>> StopAsync(ClusterClient client, HomelabApp app, FluxSuspension stop, AppOptions options, ChangeJournal journal, CancellationToken cancellationToken) =>
        AppChange.RunAsync(client, app, async workload =>
        {
            var release = await FindReleaseAsync(client, app, cancellationToken);
            var patch = AppStops.Stop(workload, stop, isLeftAlone: app.Kustomization is not null && release is null, suspends: release is { Suspended: false });
            try
            {
                // First what would start it again.
                if (release is { Suspended: false })
                {
                    await FluxSuspender.SuspendAsync(client, release, stop, journal, cancellationToken);
                }

                await WorkloadWrite.MergeAsync(client, workload, patch, journal, JournalUndo.MergePatch(WorkloadWrite.Reverse(patch, workload.Json).ToJsonString()), cancellationToken);
            }
            catch (Exception error) when (release is { Suspended: false })
            {
                var taking = TakeBackAsync(client, app, release, error, journal);
                await Farewells.Add(taking);
                if (await taking is { } left)
                {
                    throw left;
                }

                throw;
            }
        }, options, cancellationToken);

    /// <summary>Starts a stopped application as it was and waits until its pods are ready.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="app">The application.</param>
    /// <param name="options">Whether and how long to wait.</param>
    /// <param name="journal">Where the changes are written down.</param>
    /// <param name="cancellationToken">Ends the waiting; the application stays started.</param>
    public static async IAsyncEnumerable<Streamed<HomelabApp>> StartAsync(ClusterClient client, HomelabApp app, AppOptions options, ChangeJournal journal, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = AppChange.RunAsync(client, app, async workload =>
        {
            // First, as the marks at the workload tell who starts it once more that there is a release to resume.
            if (AppStops.Suspends(workload) && await FindReleaseAsync(client, app, cancellationToken) is { Suspended: true } release)
            {
                await foreach (var _ in FluxSuspender.ResumeAsync(client, release, new FluxReconcileOptions { NoWait = true }, journal, cancellationToken))
                {
                    // What comes of it shows in the pods that are waited for.
                }
            }

            var patch = AppStops.Start(workload);
            await WorkloadWrite.MergeAsync(client, workload, patch, journal, JournalUndo.MergePatch(WorkloadWrite.Reverse(patch, workload.Json).ToJsonString()), cancellationToken);
        }, options, cancellationToken);
        await foreach (var item in started)
        {
            yield return item;
        }
    }

    /// <summary>Lets Flux apply a stopped application again. Where Git says how many pods it has it starts by that.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="app">The application.</param>
    /// <param name="journal">Where the changes are written down.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HomelabException">RolloutGone, FluxResourceDeleted, JournalUnwritable, AccessDenied.</exception>
    public static async Task ReleaseAsync(ClusterClient client, HomelabApp app, ChangeJournal journal, CancellationToken cancellationToken)
    {
        var workload = await WorkloadReader.FindAsync(client, app.Reference, cancellationToken) ?? throw Errors.RolloutGone(app.Reference);
        if (AppStops.Release(workload) is { } patch)
        {
            await WorkloadWrite.MergeAsync(client, workload, patch, journal, JournalUndo.MergePatch(WorkloadWrite.Reverse(patch, workload.Json).ToJsonString()), cancellationToken);
        }

        var release = AppStops.Suspends(workload) ? await FindReleaseAsync(client, app, cancellationToken) : null;
        if (release is { Suspended: true })
        {
            await foreach (var _ in FluxSuspender.ResumeAsync(client, release, new FluxReconcileOptions { NoWait = true }, journal, cancellationToken))
            {
                // What comes of it shows in the workload.
            }
        }
        else if (app.Kustomization is not null && (await FluxTargets.FindAsync(client, [new ResourcePattern(app.Kustomization)], [], [], cancellationToken)) is { Targets: [var applier, ..], All: var all })
        {
            var options = new FluxReconcileOptions { NoWait = true };
            await foreach (var _ in FluxReconciler.RunAsync(client, FluxReconcilePlan.Make([applier], all, options), options, journal, cancellationToken))
            {
                // As above.
            }
        }
    }

    // The application runs on, so its release must not stay suspended: also after Ctrl+C, when nobody knows how far the request came.
    private static async Task<HomelabException?> TakeBackAsync(ClusterClient client, HomelabApp app, FluxResource before, Exception cause, ChangeJournal journal)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            if (await FindReleaseAsync(client, app, limit.Token) is { Suspended: true } release)
            {
                await foreach (var _ in FluxSuspender.ResumeAsync(client, release, new FluxReconcileOptions { NoWait = true }, journal, limit.Token))
                {
                    // The cause is what is told.
                }
            }

            return null;
        }
        catch (Exception error) when (error is HomelabException or OperationCanceledException)
        {
            return Errors.ReleaseLeftSuspended(before.Reference, cause.Message, error.Message);
        }
    }

    private static async Task<FluxResource?> FindReleaseAsync(ClusterClient client, HomelabApp app, CancellationToken cancellationToken)
    {
        if (app.HelmRelease is null)
        {
            return null;
        }

        var found = await FluxTargets.FindAsync(client, [new ResourcePattern(app.HelmRelease)], [], [], cancellationToken);
        return found.Targets is [var release, ..] ? release : throw (found.Failures is [var failure, ..] ? failure : Errors.FluxResourceDeleted(app.HelmRelease));
    }
}
