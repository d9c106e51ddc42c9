using HomelabOps.Bench.Cluster;

namespace HomelabOps.Bench.Rows;

/// <summary>Get-VolSyncStatus beside the download of the lists that it reads.</summary>
internal static class ReplicationRows
{
    public const string Group = "replication";
    private const int Count = 2000;

    public static async Task<IReadOnlyList<Row>> MeasureAsync(Context context, Filler filler)
    {
        await filler.ReplicationsAsync(Count);
        var times = context.Interleave()
            .Time("curl", () => context.Curl("apis/volsync.backube/v1alpha1/replicationsources", "apis/volsync.backube/v1alpha1/replicationdestinations", PodRows.All))
            .Time("ours", () => context.Module.Run("Get-VolSyncStatus | Out-Null"))
            .Medians();
        return [Row.Ratio(Group, $"Get-VolSyncStatus, {Count} ReplicationSources, warm", times["ours"], "curl of the same lists", times["curl"], 1.5)];
    }
}
