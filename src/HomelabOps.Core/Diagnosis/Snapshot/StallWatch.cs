using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Replication.Syncthing;

namespace HomelabOps.Core.Diagnosis.Snapshot;

/// <summary>
/// Finds Syncthings that call themselves syncing and are not: nothing has arrived for long though something is missing, and nothing arrives
/// while one looks. Only those of which the first is true are looked at twice.
/// </summary>
internal sealed class StallWatch(ClusterClient client, HomelabConfig config)
{
    // A peer that has nothing to send says so now and then.
    private const long Chatter = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public async Task<IReadOnlySet<ResourceReference>> FindAsync(IReadOnlyList<SyncthingStatus> first, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var suspects = first.Where(status => status is { Connected: true, State: SyncthingState.Syncing, NeedItems: > 0 } && IsOld(status.FolderStateSince, now) && (status.LastReceived is null || IsOld(status.LastReceived, now))).ToList();
        if (suspects.Count == 0)
        {
            return new HashSet<ResourceReference>();
        }

        await Task.Delay(Pause, cancellationToken);
        var found = new HashSet<ResourceReference>();
        var query = new SyncthingQuery { References = [.. suspects.Select(suspect => suspect.Reference).Distinct()], Config = config };
        await foreach (var item in SyncthingReader.ReadAsync(client, query, cancellationToken))
        {
            if (item.Notice is null && suspects.Find(suspect => suspect.Reference == item.Value!.Reference && suspect.Folder == item.Value.Folder && suspect.Peer == item.Value.Peer) is { } before && !HasMoved(before, item.Value!))
            {
                found.Add(before.Reference);
            }
        }

        return found;
    }

    private static bool IsOld(DateTime? time, DateTimeOffset now) => time is { } known && now.LocalDateTime - known > Patience;

    private static bool HasMoved(SyncthingStatus before, SyncthingStatus after) =>
        after.NeedItems < before.NeedItems || after.NeedBytes < before.NeedBytes || after.ReceivedBytes - before.ReceivedBytes > Chatter;
}
