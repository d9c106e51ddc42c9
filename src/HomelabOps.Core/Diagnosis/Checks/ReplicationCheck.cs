using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Replication;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>
/// Replications that are late, fail or have nobody to talk to. Where the Syncthings were asked, they know better than VolSync, which calls
/// them "in progress" whatever happens.
/// </summary>
internal sealed class ReplicationCheck : IHomelabCheck
{
    private const string Disconnected = "SyncDisconnected";
    private const string Syncthing = "syncthing";

    // What a peer says of another is no cause of what that one says of it.
    private static readonly string[] Own = ["SyncError", "SyncNotRunning", "SyncUnreachable", "SyncRefused", "SyncPeerDrift", "SyncNoPeer", "SyncPaused", "SyncStuck"];

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(30);

    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot)
    {
        var asked = (snapshot.Syncthings ?? []).Select(status => status.Reference).ToHashSet();
        var subjects = (snapshot.Pods ?? []).ToDictionary(pod => pod.Reference, pod => pod.Subject);
        foreach (var replication in (snapshot.Replications ?? []).Where(replication => !replication.Healthy && !asked.Contains(replication.Reference)))
        {
            // One that has just been made has its first run before it.
            if (replication.State == ReplicationState.Pending && replication.Age < Window)
            {
                continue;
            }

            yield return OfVolSync(snapshot, replication, subjects);
        }

        foreach (var status in snapshot.Syncthings ?? [])
        {
            if (OfSyncthing(snapshot, status, subjects) is { } symptom)
            {
                yield return symptom;
            }
        }
    }

    private static Symptom OfVolSync(HomelabSnapshot snapshot, ReplicationStatus replication, Dictionary<ResourceReference, ResourceReference> subjects) => new Symptom(new HomelabFinding
    {
        Cluster = snapshot.Cluster,
        Area = HomelabArea.Replication,
        Severity = replication.State == ReplicationState.Paused ? FindingSeverity.Warning : FindingSeverity.Error,
        Reason = "Replication" + replication.State,
        Message = Errors.Text("Diagnosis_Replication", replication.Reference, Display.FirstLine(replication.Message)),
        Target = replication.Reference,
        Remedy = Errors.Text($"Diagnosis_Replication{replication.State}_Remedy", replication.Reference, replication.Partner),
        Repair = RepairOf(replication.State) is { } kind ? new() { Kind = kind, Target = replication.Reference } : null,
    })
    {
        Causes =
        [
            .. replication.Pods.Select(pod => subjects.GetValueOrDefault(pod.Reference)).OfType<ResourceReference>().Distinct().Select(subject => new Cause(subject)),
            new(Mover(snapshot, replication.Reference, replication.Method)),
            .. replication.State == ReplicationState.Disconnected ? Apart(snapshot, replication) : [],
            .. new[] { replication.SourcePvc, replication.DestinationPvc }.Where(claim => claim.Length > 0).Select(claim => new Cause(snapshot.Reference("PersistentVolumeClaim", replication.Namespace, claim))),
            .. replication.Partner is { } partner && replication.State == ReplicationState.Late ? [new(partner, "ReplicationFailed"), new(Mover(snapshot, partner, replication.Method))] : Array.Empty<Cause>(),
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
        "SyncStuck" or "SyncUnreachable" or "SyncRefused" or Disconnected => HomelabRepairKind.RestartSyncthing,
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
            _ => (FindingSeverity.Error, "Sync" + status.State),
        };
        if (reason.Length == 0)
        {
            return null;
        }

        var pod = snapshot.Reference("Pod", status.Namespace, status.Pod);
        var partner = snapshot.Reference(status.Reference.Kind, status.Namespace, status.PeerName);
        var symptom = Symptom.Of(HomelabArea.Replication, severity, reason, status.Reference, Peer(status), status.Message.TrimEnd('.'), Display.Bytes(status.NeedBytes), status.Conflicts.Count);
        return (RepairOf(reason) is { } kind ? symptom.WithRepair(kind) : symptom) with
        {
            Causes =
            [
                .. subjects.TryGetValue(pod, out var subject) ? [new Cause(subject)] : Array.Empty<Cause>(),
                .. reason is "SyncNotRunning" or "SyncUnreachable" or "SyncRefused" ? [new Cause(Mover(snapshot, status.Reference, Syncthing))] : Array.Empty<Cause>(),
                .. reason == "SyncConflicts" ? Same(snapshot, status, partner, reason) : [],
                .. reason == Disconnected ? [new Cause(partner, Own), new(Mover(snapshot, partner, Syncthing)), .. Apart(snapshot, status, partner), .. Same(snapshot, status, partner, Disconnected)] : Array.Empty<Cause>(),
            ],
            Apps = [(status.Namespace, status.App)],
        };
    }

    // Both say the same: the receiving side stands for both, since the other one is where the application writes.
    private static IEnumerable<Cause> Same(HomelabSnapshot snapshot, SyncthingStatus status, ResourceReference partner, string reason) =>
        status.Role == SyncthingRole.Source && snapshot.Syncthings!.Any(other => other.Reference == partner && other.Role == SyncthingRole.Destination) ? [new(partner, reason)] : [];

    private static IEnumerable<Cause> Apart(HomelabSnapshot snapshot, SyncthingStatus status, ResourceReference partner) =>
        LinkCheck.CausesOf(snapshot, (status.Reference, status.Node), (partner, snapshot.Syncthings!.FirstOrDefault(other => other.Reference == partner)?.Node ?? ""));

    private static IEnumerable<Cause> Apart(HomelabSnapshot snapshot, ReplicationStatus replication) =>
        snapshot.Replications!.FirstOrDefault(other => other.Reference == replication.Partner) is { } partner ? LinkCheck.CausesOf(snapshot, (replication.Reference, NodeOf(replication)), (partner.Reference, NodeOf(partner))) : [];

    private static string NodeOf(ReplicationStatus replication) => replication.Pods is [var pod, ..] ? pod.Node : "";

    private static ResourceReference Mover(HomelabSnapshot snapshot, ResourceReference replication, string method) =>
        snapshot.Reference(method == Syncthing ? "Deployment" : "Job", replication.Namespace, MoverNames.Controller(method, replication.Name, replication.Kind == ReplicationTypes.SourceKind));

    // By the start of its ID where it has no name; a Syncthing that does not run names nobody, and its spec does.
    private static string Peer(SyncthingStatus status) =>
        status.PeerName.Length > 0 ? status.PeerName : status.Peer.Length > 0 ? new SyncthingPeer(status.Peer, "").ShortId : status.ConfiguredPeer?.ShortId ?? "";
}
