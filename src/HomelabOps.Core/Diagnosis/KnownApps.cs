using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Diagnosis;

/// <summary>Tells names that were typed and that nothing has: silence would be taken for good news of them.</summary>
internal static class KnownApps
{
    // What the names of applications are names of.
    private static readonly string[] Kinds = ["Pod", WorkloadTypes.Deployment, WorkloadTypes.StatefulSet, WorkloadTypes.DaemonSet];

    /// <summary>An AppNotFound for each name without wildcards that is of nothing here; none where that cannot be known.</summary>
    /// <param name="snapshot">What was read.</param>
    /// <param name="apps">What was asked for.</param>
    public static IEnumerable<Notice> Missing(HomelabSnapshot snapshot, IReadOnlyList<ResourcePattern> apps) => snapshot is { Pods: not null, Workloads: not null, Flux: not null, Replications: not null }
        ? apps.Where(app => app is { IsWildcard: false, Cluster: null } && (app.Kind is null || Kinds.Contains(app.Kind)) && !IsThere(snapshot, app)).Select(app => new FailureNotice(Errors.AppNotFound(snapshot.Cluster, app.Text, [])))
        : [];

    private static bool IsThere(HomelabSnapshot snapshot, ResourcePattern app) =>
        snapshot.Workloads!.Any(workload => IsOf(app, workload.Reference))
        || snapshot.Pods!.Any(pod => IsOf(app, pod.Reference) || app.Matches(app.Kind ?? "", pod.Reference.Namespace, pod.App))
        || (app.Kind is null && snapshot.Flux!.Select(resource => resource.Reference).Concat(snapshot.Replications!.Select(replication => replication.Reference)).Any(reference => IsOf(app, reference)));

    private static bool IsOf(ResourcePattern app, ResourceReference reference) => app.Matches(reference.Kind, reference.Namespace, reference.Name);
}
