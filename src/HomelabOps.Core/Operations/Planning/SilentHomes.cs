using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Operations.Planning;

/// <summary>
/// Applications that are at home while their replication has had no peers since a failover. What the other side has is of before, or was
/// given up; it must not be merged into the data of home, so it is set aside there as with any other way of data to a node.
/// </summary>
internal static class SilentHomes
{
    /// <summary>Finds those among applications that are at home, as cases of their data's way to the other node.</summary>
    /// <param name="reader">Reads the cases.</param>
    /// <param name="config">The settings.</param>
    /// <param name="cases">Applications by where they are to be.</param>
    /// <param name="halted">What the last moves have silenced; what a person has suspended is left alone.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <returns>Those, and which other replications to the other node are paused, and nobody says why: a move that was long ago may have left them so.</returns>
    public static async Task<(IReadOnlyList<FailoverCase> Silent, IReadOnlyList<(FailoverCase Item, ReplicationStatus Replication)> Paused)> FindAsync(FailoverReader reader, HomelabConfig config, IReadOnlyList<FailoverCase> cases, IReadOnlySet<string> halted, CancellationToken cancellationToken)
    {
        var found = new List<FailoverCase>();
        foreach (var home in cases.Where(item => item is { AtTarget: true, IsStranded: false }).GroupBy(item => item.To))
        {
            var other = home.Key == config.PrimaryNode ? config.BackupNode : config.PrimaryNode;
            if (reader.Knows(other))
            {
                found.AddRange(await reader.ReadCasesAsync([.. home.Select(item => item.App)], home.Key, other, cancellationToken));
            }
        }

        bool IsHalted(ReplicationStatus replication) => halted.Contains($"{replication.Kind}/{replication.Namespace}/{replication.Name}");
        var paused = found.SelectMany(item => item.Replications.Where(replication => replication is { State: ReplicationState.Paused, Method: not "syncthing" } && !(replication.Suspension is { } suspension && Suspensions.IsDeliberate(suspension)) && item.IsWriter(replication)).Select(replication => (item, replication)));
        return ([.. found.Where(item => IsSilent(item) && item.Replications.Any(IsHalted)).Select(item => item with { Stays = true })], [.. paused]);
    }

    /// <summary>Whether no Syncthing of the other node has a peer. One that does not answer, as on a node that is down, has those of its spec: the gates tell of the node then.</summary>
    public static bool IsSilent(FailoverCase item) => item.Pairs.Count > 0 && item.Survivors.Count > 0
        && item.Survivors.All(survivor => survivor.State == SyncthingState.NoPeer || (survivor is { State: SyncthingState.NotRunning or SyncthingState.Unreachable, ConfiguredPeer: null }));
}
