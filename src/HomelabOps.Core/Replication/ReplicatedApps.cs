using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Replication.Wire;

namespace HomelabOps.Core.Replication;

/// <summary>Whose data a replication has: of the application whose pods use its claim, or the claim that stands for it on the other node.</summary>
internal sealed class ReplicatedApps(ReplicationPods pods, HomelabConfig config)
{
    /// <summary>The application; empty when nothing says.</summary>
    /// <param name="replication">The replication.</param>
    /// <param name="claim">Claim that it reads or writes.</param>
    public string Of(ReplicationWire replication, string claim)
    {
        var space = replication.Metadata.Namespace ?? "";
        var called = ClaimPattern.AppOf(claim, config);
        return Using(space, claim)
            ?? (called is null ? null : Using(space, new ClaimPattern(config.ClaimPattern).NameOf(called)) ?? Using(space, new ClaimPattern(config.BackupClaimPattern).NameOf(called)) ?? called)
            ?? Ownership.App(null, replication.Metadata);
    }

    /// <summary>Whether a claim is called as those on the backup node.</summary>
    public static bool IsBackup(string claim, HomelabConfig config) => new ClaimPattern(config.BackupClaimPattern).AppOf(claim) is not null;

    /// <summary>Whether what a replication writes into is the copy of data that is elsewhere, and not what an application gets back of its own.</summary>
    public static bool IsCopy(ReplicationStatus replication, HomelabConfig config) =>
        replication is { Kind: ReplicationTypes.DestinationKind, DestinationPvc.Length: > 0 } && (replication.Partner is not null || IsBackup(replication.DestinationPvc, config));

    private string? Using(string space, string claim) => pods.UsersOf(space, claim) is [var pod, ..] && pod.App.Length > 0 ? pod.App : null;
}
