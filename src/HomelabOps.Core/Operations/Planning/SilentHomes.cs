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
    public static async Task<IReadOnlyList<FailoverCase>> FindAsync(FailoverReader reader, HomelabConfig config, IReadOnlyList<FailoverCase> cases, IReadOnlySet<string> halted, CancellationToken cancellationToken)
    {
        var found = new List<FailoverCase>();
        foreach (var home in cases.Where(item => halted.Count > 0 && item is { AtTarget: true, IsStranded: false }).GroupBy(item => item.To))
        {
            var other = home.Key == config.PrimaryNode ? config.BackupNode : config.PrimaryNode;
            if (reader.Knows(other))
            {
                found.AddRange(await reader.ReadCasesAsync([.. home.Select(item => item.App)], home.Key, other, cancellationToken));
            }
        }

        return [.. found.Where(item => item.Pairs.Count > 0 && item.Survivors.Count > 0 && item.Survivors.All(survivor => survivor.State == SyncthingState.NoPeer) && item.Replications.Any(replication => halted.Contains($"{replication.Kind}/{replication.Namespace}/{replication.Name}"))).Select(item => item with { Stays = true })];
    }
}
