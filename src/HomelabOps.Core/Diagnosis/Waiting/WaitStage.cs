using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Diagnosis.Waiting;

/// <summary>A part of a homelab that has to be there before the next one can be.</summary>
/// <param name="Name">Key of its name.</param>
/// <param name="Areas">What is tested for it.</param>
/// <param name="Namespace">Where findings keep it open; null for everywhere.</param>
/// <param name="Starting">What is on its way and no finding yet.</param>
internal sealed record WaitStage(string Name, IReadOnlyList<HomelabArea> Areas, string? Namespace, Func<HomelabSnapshot, IEnumerable<(ResourceReference Target, string State)>> Starting)
{
    private const string System = "kube-system";

    /// <summary>All, in the order in which they come up. Mounts before applications: these write under an empty mount point.</summary>
    public static IReadOnlyList<WaitStage> All { get; } =
    [
        new("Nodes", [HomelabArea.Cluster], null, _ => []),
        new("Mounts", [HomelabArea.Mount], null, _ => []),
        new("Dns", [HomelabArea.Network, HomelabArea.Pod], System, snapshot => Short(snapshot, System)),
        new("MetalLB", [HomelabArea.MetalLB], null, snapshot => Short(snapshot, snapshot.Config.MetalLBNamespace)),
        new("Flux", [HomelabArea.Flux], null, Unready),
        new("Apps", [HomelabArea.Pod, HomelabArea.Volume, HomelabArea.Network, HomelabArea.Ingress, HomelabArea.Replication], null, snapshot => Short(snapshot, null)),
    ];

    // Workloads with fewer pods than they ought to have.
    private static IEnumerable<(ResourceReference Target, string State)> Short(HomelabSnapshot snapshot, string? space) => (snapshot.Workloads ?? [])
        .Where(workload => (space is null || workload.Reference.Namespace == space) && workload.Available < workload.Desired)
        .Select(workload => (workload.Reference, $"{workload.Available}/{workload.Desired}"));

    private static IEnumerable<(ResourceReference Target, string State)> Unready(HomelabSnapshot snapshot) => (snapshot.Flux ?? [])
        .Where(resource => resource is { Suspended: false, Ready: ConditionStatus.Unknown })
        .Select(resource => (resource.Reference, resource.Reason));
}
