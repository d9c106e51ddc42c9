using System.Text.Json.Nodes;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Comparing;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Applications;

/// <summary>Gives a live application another number of pods, for as long as Flux lets it be.</summary>
internal static class AppScaler
{
    /// <summary>Refuses what has no number of pods.</summary>
    /// <exception cref="HomelabException">AppNotScalable, ReplicasInvalid.</exception>
    public static void Check(HomelabApp app, int replicas)
    {
        if (app.Kind is not (WorkloadTypes.Deployment or WorkloadTypes.StatefulSet))
        {
            throw Errors.AppNotScalable(app.Reference);
        }

        if (replicas < 0)
        {
            throw Errors.ReplicasInvalid(replicas);
        }
    }

    /// <summary>Scales, waits until the pods are ready, and gives the application as it is then.</summary>
    public static IAsyncEnumerable<Streamed<HomelabApp>> ScaleAsync(ClusterClient client, HomelabApp app, int replicas, AppOptions options, ChangeJournal journal, CancellationToken cancellationToken)
    {
        var patch = new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } };
        return AppChange.RunAsync(
            client,
            app,
            workload => WorkloadWrite.MergeAsync(client, workload, patch, journal, JournalUndo.MergePatch(WorkloadWrite.Reverse(patch, workload.Json).ToJsonString()), cancellationToken),
            options,
            cancellationToken);
    }

    /// <summary>Until when Flux lets a number be that is not in Git, in words.</summary>
    public static async Task<string> LimitAsync(ClusterClient client, HomelabApp app, CancellationToken cancellationToken)
    {
        if (await WorkloadReader.FindAsync(client, app.Reference, cancellationToken) is { } workload && FluxMarks.IsLeftAlone(workload.Json))
        {
            return Errors.Text(AppStops.IsStopped(workload) ? "AppScale_Stopped" : "AppScale_LeftAlone");
        }

        if (app.HelmRelease is { } release)
        {
            var releases = await FluxTargets.FindAsync(client, [new ResourcePattern(release)], [], [], cancellationToken);
            return Errors.Text(releases.Targets is [{ Suspended: true }] ? "AppScale_Suspended" : "AppScale_Release", release);
        }

        if (app.Kustomization is not { } kustomization)
        {
            return Errors.Text("AppScale_Free");
        }

        var found = await FluxTargets.FindAsync(client, [new ResourcePattern(kustomization)], [], [], cancellationToken);
        return found.Targets is not [{ } applier] ? Errors.Text("AppScale_Unknown", kustomization)
            : applier.Suspended ? Errors.Text("AppScale_Suspended", kustomization)
            : applier is { LastReconciled: { } last, Interval: { } interval } && last + interval > DateTime.Now ? Errors.Text("AppScale_Until", kustomization, Display.Moment(last + interval))
            : Errors.Text("AppScale_Unknown", kustomization);
    }
}
