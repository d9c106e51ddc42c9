using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Replication;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>
/// Replications that are late, fail or have nobody to talk to. Where the Syncthings were asked, they know better than VolSync, which calls
/// them "in progress" whatever happens.
/// </summary>
internal sealed class ReplicationCheck : IHomelabCheck
{
    private const string Disconnected = "SyncDisconnected";
    private const string NotRunning = "SyncNotRunning";
    private const string Unreachable = "SyncUnreachable";
    private const string Syncthing = "syncthing";

    private const string Silenced = "ReplicationSilenced";
    private static readonly string[] Silent = ["ReplicationPaused", Silenced];

    // What a peer says of another is no cause of what that one says of it.
    private static readonly string[] Own = ["SyncError", NotRunning, Unreachable, "SyncRefused", "SyncPeerDrift", "SyncNoPeer", "SyncPaused", "SyncStuck", .. Silent];

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(30);

    // After that the pod's own finding tells why it does not start.
    private static readonly TimeSpan StartWindow = TimeSpan.FromSeconds(30);

    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot)
    {
        var used = new ClaimsInUse(snapshot);
        var asked = (snapshot.Syncthings ?? []).Where(status => status.State != SyncthingState.Unread).Select(status => status.Reference).ToHashSet();
        var subjects = (snapshot.Pods ?? []).ToDictionary(pod => pod.Reference, pod => pod.Subject);
        foreach (var replication in (snapshot.Replications ?? []).Where(replication => !replication.Healthy && !asked.Contains(replication.Reference)))
        {
            // One that has just been made has its first run before it.
            if (replication.State == ReplicationState.Pending && replication.Age < Window)
            {
                continue;
            }

            yield return replication.State == ReplicationState.Paused && used.WrittenBy(replication) is { } claim
                ? Symptom.Of(HomelabArea.Replication, IsMeant(snapshot, replication.Reference) ? FindingSeverity.Info : FindingSeverity.Warning, Silenced, replication.Reference, replication.App, claim) with { Apps = [(replication.Namespace, replication.App)] }
                : OfVolSync(snapshot, replication, subjects);
        }

        foreach (var status in snapshot.Syncthings ?? [])
        {
            if (status is { PeerDrift: true, ConfiguredPeer: null } && used.AwayOf(status) is { } claim)
            {
                // Neither names the other any more: one of them stands for both.
                var others = snapshot.Syncthings!.Where(other => other.Namespace == status.Namespace && other.App == status.App && string.CompareOrdinal(other.Name, status.Name) < 0);
                yield return Symptom.Of(HomelabArea.Replication, FindingSeverity.Warning, Silenced, status.Reference, status.App, claim) with
                {
                    Causes = [.. others.Select(other => new Cause(other.Reference, Silenced))],
                    Apps = [(status.Namespace, status.App)],
                };
            }
            else if (OfSyncthing(snapshot, status, subjects) is { } symptom)
            {
                yield return symptom;
            }
        }
    }

    // Who has suspended it on purpose knows that nothing is copied, also for the other side; nobody is to resume it unasked.
    private static bool IsMeant(HomelabSnapshot snapshot, ResourceReference? replication) => replication is not null
        && (snapshot.Replications ?? []).Any(item => item.Reference == replication && item.Suspension is { } suspension && Suspensions.IsDeliberate(suspension));

    private static Symptom OfVolSync(HomelabSnapshot snapshot, ReplicationStatus replication, Dictionary<ResourceReference, ResourceReference> subjects) => new Symptom(new HomelabFinding
    {
        Cluster = snapshot.Cluster,
        Area = HomelabArea.Replication,
        Severity = IsMeant(snapshot, replication.Reference) || IsMeant(snapshot, replication.Partner) ? FindingSeverity.Info : replication.State == ReplicationState.Paused ? FindingSeverity.Warning : FindingSeverity.Error,
        Reason = "Replication" + replication.State,
        Message = Errors.Text("Diagnosis_Replication", replication.Reference, Display.FirstLine(replication.Message)),
        Target = replication.Reference,
        Remedy = Errors.Text($"Diagnosis_Replication{replication.State}_Remedy", replication.Reference, replication.Partner),
        Repair = RepairOf(replication.State) is { } kind && !IsMeant(snapshot, replication.Reference) && !IsMeant(snapshot, replication.Partner) ? new() { Kind = kind, Target = replication.Reference } : null,
    })
    {
        Causes =
        [
            .. replication.Pods.Select(pod => subjects.GetValueOrDefault(pod.Reference)).OfType<ResourceReference>().Distinct().Select(subject => new Cause(subject)),
            new(Mover(snapshot, replication.Reference, replication.Method)),
            .. replication.State is ReplicationState.Pending or ReplicationState.Late ? ControllerCheck.CausesOf(snapshot) : [],
            .. replication.State == ReplicationState.Disconnected ? Apart(snapshot, replication) : [],
            .. new[] { replication.SourcePvc, replication.DestinationPvc }.Where(claim => claim.Length > 0).Select(claim => new Cause(snapshot.Reference("PersistentVolumeClaim", replication.Namespace, claim))),
            .. replication.Partner is { } partner && replication.State == ReplicationState.Late ? [new(partner, "ReplicationFailed"), new(Mover(snapshot, partner, replication.Method))] : Array.Empty<Cause>(),
            .. replication is { State: not ReplicationState.Paused, Partner: { } silent } ? [new(silent, Silent)] : Array.Empty<Cause>(),
            .. OfNodes(snapshot, replication),
        ],
        Apps = [(replication.Namespace, replication.App)],
    }.With(replication.MoverLog.Split('\n').TakeLast(5).Select(line => line.Trim()));

    private static HomelabRepairKind? RepairOf(ReplicationState state) => state switch
    {
        ReplicationState.Failed or ReplicationState.Late => HomelabRepairKind.StartReplication,
        ReplicationState.Paused => HomelabRepairKind.ResumeReplication,
        ReplicationState.Disconnected => HomelabRepairKind.RestartSyncthing,
        _ => null,
    };

    private static HomelabRepairKind? RepairOf(string reason) => reason switch
    {
        "SyncStuck" or Unreachable or "SyncRefused" or Disconnected => HomelabRepairKind.RestartSyncthing,
        "SyncPeerDrift" => HomelabRepairKind.CorrectPeer,
        "SyncPaused" => HomelabRepairKind.ResumeReplication,
        _ => null,
    };

    private static Symptom? OfSyncthing(HomelabSnapshot snapshot, SyncthingStatus status, Dictionary<ResourceReference, ResourceReference> subjects)
    {
        var (severity, reason) = status switch
        {
            { PeerDrift: true, ConfiguredPeer: null } => (FindingSeverity.Error, "SyncNoPeer"),
            { PeerDrift: true } => (FindingSeverity.Error, "SyncPeerDrift"),
            { State: SyncthingState.InSync or SyncthingState.Syncing, Errors: > 0 } => (FindingSeverity.Error, "SyncError"),
            _ when snapshot.Stalled.Contains(status.Reference) => (FindingSeverity.Error, "SyncStuck"),
            { Conflicts.Count: > 0 } => (FindingSeverity.Warning, "SyncConflicts"),
            { Healthy: true } or { State: SyncthingState.InSync or SyncthingState.Syncing } => (FindingSeverity.Info, ""),
            { State: SyncthingState.Paused } => (FindingSeverity.Warning, "SyncPaused"),

            // What the viewer may not see is no fault of the Syncthing; that he may not is told once.
            { State: SyncthingState.Unread } => (FindingSeverity.Info, ""),
            _ => (FindingSeverity.Error, "Sync" + status.State),
        };
        if (reason.Length == 0)
        {
            return null;
        }

        var pod = snapshot.Reference("Pod", status.Namespace, status.Pod);
        var partner = snapshot.Reference(status.Reference.Kind, status.Namespace, status.PeerName);
        var isMeant = (reason == "SyncPaused" && IsMeant(snapshot, status.Reference)) || (reason == Disconnected && IsMeant(snapshot, partner));
        var symptom = Symptom.Of(HomelabArea.Replication, isMeant ? FindingSeverity.Info : severity, reason, status.Reference, Peer(status), status.Message.TrimEnd('.'), Display.Bytes(status.NeedBytes), status.Conflicts.Count);
        return (RepairOf(reason) is { } kind && !isMeant ? symptom.WithRepair(kind) : symptom) with
        {
            Causes =
            [
                .. subjects.TryGetValue(pod, out var subject) ? [new Cause(subject)] : Array.Empty<Cause>(),
                .. reason is NotRunning or Unreachable or "SyncRefused" ? [new Cause(Mover(snapshot, status.Reference, Syncthing))] : Array.Empty<Cause>(),
                .. reason is NotRunning or Unreachable ? OfNodes(snapshot, status) : [],
                .. reason == "SyncConflicts" ? Same(snapshot, status, partner, reason) : [],
                .. reason == Disconnected ? [new Cause(partner, Own), new(Mover(snapshot, partner, Syncthing)), .. Apart(snapshot, status, partner), .. Same(snapshot, status, partner, Disconnected)] : Array.Empty<Cause>(),
            ],
            IsPassing = reason == NotRunning && status.Pod.Length > 0 && IsNew(snapshot, pod),
            Apps = [(status.Namespace, status.App)],
        };
    }

    // One that was made after the pods were read is new as well.
    private static bool IsNew(HomelabSnapshot snapshot, ResourceReference pod) =>
        snapshot.Pods is not null && (snapshot.Pods.FirstOrDefault(facts => facts.Reference == pod) is not { } known || snapshot.Now - known.Wire.Metadata.CreationTimestamp < StartWindow);

    // Both say the same: the receiving side stands for both, since the other one is where the application writes.
    private static IEnumerable<Cause> Same(HomelabSnapshot snapshot, SyncthingStatus status, ResourceReference partner, string reason) =>
        status.Role == SyncthingRole.Source && snapshot.Syncthings!.Any(other => other.Reference == partner && other.Role == SyncthingRole.Destination) ? [new(partner, reason)] : [];

    private static IEnumerable<Cause> Apart(HomelabSnapshot snapshot, SyncthingStatus status, ResourceReference partner) =>
        LinkCheck.CausesOf(snapshot, (status.Reference, status.Node), (partner, snapshot.Syncthings!.FirstOrDefault(other => other.Reference == partner)?.Node ?? ""));

    private static IEnumerable<Cause> Apart(HomelabSnapshot snapshot, ReplicationStatus replication) =>
        snapshot.Replications!.FirstOrDefault(other => other.Reference == replication.Partner) is { } partner ? LinkCheck.CausesOf(snapshot, (replication.Reference, NodeOf(replication)), (partner.Reference, NodeOf(partner))) : [];

    // A run that fails does so by itself on a node that merely takes no new pods, and one that has written nothing was put out.
    private static IEnumerable<Cause> OfNodes(HomelabSnapshot snapshot, ReplicationStatus replication)
    {
        IReadOnlyList<string> reasons = replication.State switch
        {
            ReplicationState.Failed when replication.MoverLog.Length > 0 => [],
            ReplicationState.Failed => NodeCheck.Evicting,
            ReplicationState.Paused => [],
            _ => NodeCheck.Unusable,
        };
        return reasons.Count == 0 ? [] : Nodes(snapshot, replication).SelectMany(node => LinkCheck.CausesOf(snapshot, node).Prepend(new Cause(snapshot.Node(node), reasons)));
    }

    private static IEnumerable<Cause> OfNodes(HomelabSnapshot snapshot, SyncthingStatus status)
    {
        IEnumerable<string> known = status.Node.Length > 0 ? [status.Node] : (snapshot.Replications ?? []).Where(replication => replication.Reference == status.Reference).SelectMany(replication => Nodes(snapshot, replication));
        return known.SelectMany(node => LinkCheck.CausesOf(snapshot, node).Prepend(new Cause(snapshot.Node(node), NodeCheck.Unusable)));
    }

    // Where its pods are, or can only be, since what they copy is there.
    private static IEnumerable<string> Nodes(HomelabSnapshot snapshot, ReplicationStatus replication)
    {
        var claims = new[] { replication.SourcePvc, replication.DestinationPvc }.Where(claim => claim.Length > 0).ToList();
        var volumes = (snapshot.Storage?.Volumes ?? []).Where(volume => volume.Spec is { ClaimRef: { } kept, NodeAffinity.Required: not null } && kept.Namespace == replication.Namespace && claims.Contains(kept.Name ?? ""));
        var places = (snapshot.Nodes ?? []).Where(node => volumes.Any(volume => NodeTerms.Select(volume.Spec!.NodeAffinity!.Required, node))).Select(node => node.Metadata.Name);
        return replication.Pods.Select(pod => pod.Node).Where(node => node.Length > 0).Concat(places).Distinct(StringComparer.Ordinal);
    }

    private static string NodeOf(ReplicationStatus replication) => replication.Pods is [var pod, ..] ? pod.Node : "";

    private static ResourceReference Mover(HomelabSnapshot snapshot, ResourceReference replication, string method) =>
        snapshot.Reference(method == Syncthing ? "Deployment" : "Job", replication.Namespace, MoverNames.Controller(method, replication.Name, replication.Kind == ReplicationTypes.SourceKind));

    // By the start of its ID where it has no name; a Syncthing that does not run names nobody, and its spec does.
    private static string Peer(SyncthingStatus status) =>
        status.PeerName.Length > 0 ? status.PeerName : status.Peer.Length > 0 ? new SyncthingPeer(status.Peer, "").ShortId : status.ConfiguredPeer?.ShortId ?? "";
}
