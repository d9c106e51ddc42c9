using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Diagnosis.Waiting;

/// <summary>A part of a homelab that has to be there before the next one can be.</summary>
/// <param name="Name">Key of its name.</param>
/// <param name="Areas">What is tested for it.</param>
/// <param name="Namespace">Where findings keep it open; null for everywhere.</param>
/// <param name="Starting">What is on its way and no finding yet.</param>
/// <param name="Parts">What has to be known of it, by name; nobody can say of what could not be read that it is there.</param>
internal sealed record WaitStage(string Name, IReadOnlyList<HomelabArea> Areas, string? Namespace, Func<HomelabSnapshot, IEnumerable<(ResourceReference Target, string State)>> Starting, params IReadOnlyList<WaitPart> Parts)
{
    private const string System = "kube-system";
    private static readonly WaitPart Pods = new("pods", snapshot => snapshot.Pods);
    private static readonly WaitPart Workloads = new("deployments.apps", snapshot => snapshot.Workloads);
    private static readonly WaitPart Services = new("services", snapshot => snapshot.Services);

    /// <summary>All, in the order in which they come up. Mounts before applications: these write under an empty mount point.</summary>
    public static IReadOnlyList<WaitStage> All { get; } =
    [
        new("Nodes", [HomelabArea.Cluster], null, _ => [], new WaitPart("nodes", snapshot => snapshot.Nodes)),
        new("Mounts", [HomelabArea.Mount], null, _ => [], new WaitPart("mounts", snapshot => snapshot.Mounts)),
        new("Dns", [HomelabArea.Network, HomelabArea.Pod], System, snapshot => Short(snapshot, System), Pods, Workloads, Services),
        new("MetalLB", [HomelabArea.MetalLB], null, snapshot => Short(snapshot, snapshot.Config.MetalLBNamespace), Workloads, new WaitPart(SnapshotReader.WebhookPart, Webhook)),
        new("Flux", [HomelabArea.Flux], null, Unready, new WaitPart("Flux", snapshot => snapshot.Flux)),
        new(
            "Apps",
            [HomelabArea.Pod, HomelabArea.Volume, HomelabArea.Network, HomelabArea.Ingress, HomelabArea.Replication],
            null,
            snapshot => Short(snapshot, null),
            Pods,
            Workloads,
            new WaitPart("persistentvolumeclaims", snapshot => snapshot.Storage),
            new WaitPart("services", snapshot => snapshot.Services, HomelabArea.Network, HomelabArea.Ingress),
            new WaitPart("endpoints", snapshot => snapshot.Endpoints, HomelabArea.Network),
            new WaitPart("ingresses.networking.k8s.io", snapshot => snapshot.Ingresses, HomelabArea.Ingress),
            new WaitPart("replications", snapshot => snapshot.Replications, HomelabArea.Replication)),
    ];

    /// <summary>Those that are wanted, in their order. What belongs to none, such as certificates, is looked at last, and only by who asks for it.</summary>
    public static IReadOnlyList<WaitStage> For(HomelabTestQuery query)
    {
        HomelabArea[] rest = [.. query.Areas.Except(All.SelectMany(stage => stage.Areas))];
        return [.. All.Where(stage => stage.Areas.Any(query.Wants)), .. rest.Length > 0 ? [new("Rest", rest, null, _ => [])] : (WaitStage[])[]];
    }

    /// <summary>What of it could not be read, and is needed for what is wanted.</summary>
    public IReadOnlyList<string> Unread(HomelabSnapshot snapshot, Func<HomelabArea, bool> wants) =>
        [.. Parts.Where(part => (part.Areas.Count == 0 || part.Areas.Any(wants)) && part.Of(snapshot) is null).Select(part => part.Name)];

    // A homelab may well have none; what counts is whether it could be looked at. Roles, for one, may be kept from whoever asks.
    private static object? Webhook(HomelabSnapshot snapshot) => snapshot.Unread.Any(part => part.Name == SnapshotReader.WebhookPart) ? null : snapshot.Unread;

    // Workloads with fewer pods than they ought to have.
    private static IEnumerable<(ResourceReference Target, string State)> Short(HomelabSnapshot snapshot, string? space) => (snapshot.Workloads ?? [])
        .Where(workload => (space is null || workload.Reference.Namespace == space) && workload.Available < workload.Desired)
        .Select(workload => (workload.Reference, $"{workload.Available}/{workload.Desired}"));

    private static IEnumerable<(ResourceReference Target, string State)> Unready(HomelabSnapshot snapshot) => (snapshot.Flux ?? [])
        .Where(resource => resource is { Suspended: false, Ready: ConditionStatus.Unknown })
        .Select(resource => (resource.Reference, resource.Reason));
}
