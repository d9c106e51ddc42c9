using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Diagnosis.Waiting;

/// <summary>A part of a homelab that has to be there before the next one can be.</summary>
/// <param name="Name">Key of its name.</param>
/// <param name="Areas">What is tested for it.</param>
/// <param name="Namespace">Where findings keep it open; null for everywhere.</param>
/// <param name="Starting">What is on its way and no finding yet.</param>
/// <param name="Parts">What has to be known of it, by name; nobody can say of what could not be read that it is there.</param>
internal sealed record WaitStage(string Name, IReadOnlyList<HomelabArea> Areas, string? Namespace, Func<HomelabSnapshot, IEnumerable<(ResourceReference Target, string State)>> Starting, params (string Name, Func<HomelabSnapshot, object?> Of)[] Parts)
{
    private const string System = "kube-system";
    private static readonly (string, Func<HomelabSnapshot, object?>) Pods = ("pods", snapshot => snapshot.Pods);
    private static readonly (string, Func<HomelabSnapshot, object?>) Workloads = ("deployments.apps", snapshot => snapshot.Workloads);

    /// <summary>All, in the order in which they come up. Mounts before applications: these write under an empty mount point.</summary>
    public static IReadOnlyList<WaitStage> All { get; } =
    [
        new("Nodes", [HomelabArea.Cluster], null, _ => [], ("nodes", snapshot => snapshot.Nodes)),
        new("Mounts", [HomelabArea.Mount], null, _ => [], ("mounts", snapshot => snapshot.Mounts)),
        new("Dns", [HomelabArea.Network, HomelabArea.Pod], System, snapshot => Short(snapshot, System), Pods, Workloads, ("services", snapshot => snapshot.Services)),
        new("MetalLB", [HomelabArea.MetalLB], null, snapshot => Short(snapshot, snapshot.Config.MetalLBNamespace), Workloads),
        new("Flux", [HomelabArea.Flux], null, Unready, ("Flux", snapshot => snapshot.Flux)),
        new("Apps", [HomelabArea.Pod, HomelabArea.Volume, HomelabArea.Network, HomelabArea.Ingress, HomelabArea.Replication], null, snapshot => Short(snapshot, null), Pods, Workloads, ("persistentvolumeclaims", snapshot => snapshot.Storage)),
    ];

    /// <summary>Those that are wanted, in their order. What belongs to none, such as certificates, is looked at last, and only by who asks for it.</summary>
    public static IReadOnlyList<WaitStage> For(HomelabTestQuery query)
    {
        HomelabArea[] rest = [.. query.Areas.Except(All.SelectMany(stage => stage.Areas))];
        return [.. All.Where(stage => stage.Areas.Any(query.Wants)), .. rest.Length > 0 ? [new("Rest", rest, null, _ => [])] : (WaitStage[])[]];
    }

    /// <summary>What of it could not be read.</summary>
    public IReadOnlyList<string> Unread(HomelabSnapshot snapshot) => [.. Parts.Where(part => part.Of(snapshot) is null).Select(part => part.Name)];

    // Workloads with fewer pods than they ought to have.
    private static IEnumerable<(ResourceReference Target, string State)> Short(HomelabSnapshot snapshot, string? space) => (snapshot.Workloads ?? [])
        .Where(workload => (space is null || workload.Reference.Namespace == space) && workload.Available < workload.Desired)
        .Select(workload => (workload.Reference, $"{workload.Available}/{workload.Desired}"));

    private static IEnumerable<(ResourceReference Target, string State)> Unready(HomelabSnapshot snapshot) => (snapshot.Flux ?? [])
        .Where(resource => resource is { Suspended: false, Ready: ConditionStatus.Unknown })
        .Select(resource => (resource.Reference, resource.Reason));
}
