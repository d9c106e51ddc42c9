using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Replication;

namespace HomelabOps.Core.Diagnosis.Snapshot;

/// <summary>Which claims applications use. A copy that an application has been moved to is the data now: nothing may be written into it.</summary>
internal sealed class ClaimsInUse
{
    private readonly HomelabSnapshot _snapshot;
    private readonly HashSet<(string Namespace, string Claim)> _used;

    /// <summary>Finds them by what workloads are to mount, so that one whose pods wait, or that is stopped, counts as well.</summary>
    public ClaimsInUse(HomelabSnapshot snapshot)
    {
        _snapshot = snapshot;
        _used = [.. (snapshot.Workloads ?? []).Where(workload => !workload.IsMover).SelectMany(workload => workload.Claims.Select(claim => (workload.Reference.Namespace, claim)))];
    }

    /// <summary>The copy that a replication would write into though an application uses it; null where there is none.</summary>
    public string? WrittenBy(ReplicationStatus replication) => ReplicatedApps.IsCopy(replication, _snapshot.Config) && _used.Contains((replication.Namespace, replication.DestinationPvc)) ? replication.DestinationPvc : null;

    /// <summary>The backup claim that the application of a Syncthing uses; null where it uses its own.</summary>
    public string? AwayOf(SyncthingStatus status) =>
        (_snapshot.Replications ?? []).FirstOrDefault(replication => replication.Reference == status.Reference) is { } replication
        && ClaimPattern.AppOf(replication.SourcePvc, _snapshot.Config) is { } app
        && new ClaimPattern(_snapshot.Config.BackupClaimPattern).NameOf(app) is var backup
        && _used.Contains((status.Namespace, backup)) ? backup : null;
}
