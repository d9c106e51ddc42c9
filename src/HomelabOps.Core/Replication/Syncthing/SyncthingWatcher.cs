using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Replication.Syncthing.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Replication.Syncthing;

/// <summary>Follows Syncthings: each tells by its own events when there is something new, and is asked then.</summary>
public static class SyncthingWatcher
{
    private const string Events = "StateChanged,FolderSummary,FolderCompletion,FolderErrors,ItemFinished,LocalIndexUpdated,RemoteIndexUpdated,DeviceConnected,DeviceDisconnected,DevicePaused,DeviceResumed,FolderPaused,FolderResumed,ConfigSaved";

    // Many events come together; figures change without one while a large file is on its way.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WhileBusy = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan WhileAtRest = TimeSpan.FromSeconds(30);

    /// <summary>Gives the records as they are, then each that changes, until cancelled.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which Syncthings.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<Streamed<SyncthingStatus>> WatchAsync(ClusterClient client, SyncthingQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(query);
        var shown = new Dictionary<(ResourceReference, string, string), SyncthingStatus>();
        for (var isFirst = true; ; isFirst = false)
        {
            var found = await SyncthingTargets.FindAsync(client, query, cancellationToken);
            foreach (var notice in isFirst ? found.Notices : [])
            {
                yield return notice;
            }

            var readings = await Task.WhenAll(found.Targets.Select(target => SyncthingReader.AskAsync(client, target, cancellationToken)));
            foreach (var record in readings.SelectMany(records => records))
            {
                // A record without an answer is of no peer; it stands for all of them.
                var key = (record.Reference, record.Folder, record.Peer);
                if (!shown.TryGetValue(key, out var before) || Differs(before, record))
                {
                    shown[key] = record;
                    yield return record;
                }
            }

            var isBusy = readings.SelectMany(records => records).Any(record => record.State != SyncthingState.InSync);
            await WaitAsync(client, found.Targets, isBusy ? WhileBusy : WhileAtRest, cancellationToken);
        }
    }

    // Only what was asked when, and when a connected peer was seen, changes each time.
    private static bool Differs(SyncthingStatus before, SyncthingStatus now) =>
        before with { CheckedAt = default, LastSeen = null, Conflicts = [] } != now with { CheckedAt = default, LastSeen = null, Conflicts = [] } || !before.Conflicts.SequenceEqual(now.Conflicts);

    private static async Task WaitAsync(ClusterClient client, IReadOnlyList<SyncthingTarget> targets, TimeSpan longest, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waits = targets.Where(target => target.Pod is { Ready: true }).Select(target => EventAsync(client, target, longest, stop.Token)).Append(Task.Delay(longest, stop.Token)).ToList();
        await Task.WhenAny(waits);
        await stop.CancelAsync();
        await Task.WhenAll(waits).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Delay(Gather, cancellationToken);
    }

    private static async Task EventAsync(ClusterClient client, SyncthingTarget target, TimeSpan longest, CancellationToken cancellationToken)
    {
        try
        {
            using var api = new SyncthingApi(client, target, await SyncthingKey.ReadAsync(client, target, cancellationToken));
            var type = SyncthingWireContext.Default.ListEventIdWire;
            var last = await api.GetAsync($"rest/events?since=0&limit=1&timeout=1&events={Events}", type, cancellationToken);
            var seconds = (int)longest.TotalSeconds;
            await api.GetAsync(FormattableString.Invariant($"rest/events?since={(last is [.., var newest] ? newest.Id : 0)}&timeout={seconds}&events={Events}"), type, cancellationToken, longest + longest);
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            // It is asked again when the time is over.
            await Task.Delay(longest, cancellationToken);
        }
    }
}
