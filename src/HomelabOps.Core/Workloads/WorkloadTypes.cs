using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Workloads;

/// <summary>The kinds that applications are made of.</summary>
internal static class WorkloadTypes
{
    public const string Deployment = "Deployment";
    public const string StatefulSet = "StatefulSet";
    public const string DaemonSet = "DaemonSet";
    public const string CronJob = "CronJob";

    private static readonly ResourceType[] Apps =
    [
        new("apps", "v1", "deployments", Deployment, true),
        new("apps", "v1", "statefulsets", StatefulSet, true),
        new("apps", "v1", "daemonsets", DaemonSet, true),
    ];

    /// <summary>All kinds, by name.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [Deployment, StatefulSet, DaemonSet, CronJob];

    /// <summary>ReplicaSets, which stand between a Deployment and its pods.</summary>
    public static ResourceType ReplicaSet { get; } = new("apps", "v1", "replicasets", "ReplicaSet", true);

    /// <summary>The templates that a StatefulSet or DaemonSet has had.</summary>
    public static ResourceType ControllerRevision { get; } = new("apps", "v1", "controllerrevisions", "ControllerRevision", true);

    /// <summary>The types that are served. CronJobs had another version before Kubernetes 1.21.</summary>
    public static async Task<IReadOnlyList<ResourceType>> FindAsync(ClusterClient client, CancellationToken cancellationToken)
    {
        var batch = await client.Discovery.ResourcesAsync(["batch"], cancellationToken);
        return [.. Apps, .. batch.Where(served => served.Kind == CronJob).Select(served => served.Type).Take(1)];
    }

    /// <summary>The type of one kind; null when it is none of them, or not served.</summary>
    public static async Task<ResourceType?> FindAsync(ClusterClient client, string kind, CancellationToken cancellationToken) =>
        Array.Find(Apps, type => type.Kind == kind) ?? (kind == CronJob ? (await FindAsync(client, cancellationToken)).FirstOrDefault(type => type.Kind == kind) : null);
}
