using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Replication.Syncthing.Wire;

namespace HomelabOps.Core.Replication.Syncthing;

/// <summary>
/// Lets a Syncthing look for changes at once, and waits until both sides have everything. A manual trigger of VolSync would never
/// end with it.
/// </summary>
internal static class SyncthingResync
{
    // States in which nothing will ever arrive by itself.
    private static readonly SyncthingState[] Hopeless = [SyncthingState.Disconnected, SyncthingState.NoPeer, SyncthingState.Paused, SyncthingState.Refused, SyncthingState.Unread, SyncthingState.NotRunning, SyncthingState.Error];

    /// <summary>Rescans, or with <see cref="ReplicationStartOptions.Full"/> has the receiving side make its index anew.</summary>
    /// <returns>Why the sides are not in sync; null when they are, or nobody waits for it.</returns>
    public static async Task<HomelabException?> RunAsync(ClusterClient client, ReplicationStatus target, ReplicationStartOptions options, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Timeout);
        var query = new SyncthingQuery { References = [target.Reference], Config = options.Config };
        var last = "";
        try
        {
            using var api = await SyncthingApi.OpenAsync(client, target.Reference, options.Config, limit.Token);

            // The sending side keeps its index: it is by this that its files count as the newer ones.
            var resets = options.Full && api.Target.Role == SyncthingRole.Destination;
            await (resets ? new SyncthingReset(api).RunAsync(limit.Token) : ScanAsync(api, limit.Token));
            if (options.NoWait)
            {
                return null;
            }

            var known = new Dictionary<(string, string), SyncthingStatus>();
            await foreach (var item in SyncthingWatcher.WatchAsync(client, query, limit.Token))
            {
                if (item.Value is not { } record)
                {
                    continue;
                }

                known[(record.Folder, record.Peer)] = record;
                last = record.Message.Length > 0 ? record.Message : Errors.Text("Detail_SyncthingLacks", Display.Bytes(record.NeedBytes), Display.Bytes(record.PeerNeedBytes));
                if (!resets && Hopeless.Contains(record.State))
                {
                    return Errors.ReplicationFailed(target.Reference, record.Message);
                }

                if (record.Peer.Length > 0 && known.Values.Where(one => one.Peer.Length > 0).All(one => one.InSync))
                {
                    return null;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Errors.ReplicationTimeout(target.Reference, options.Timeout, last);
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            return error;
        }

        return null;
    }

    /// <summary>Has a Syncthing that was just started look through all files, however long it takes to answer.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="replication">Its ReplicationSource.</param>
    /// <param name="config">The settings of the homelab.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="HomelabException">ReplicationGone, and what ends every request.</exception>
    public static async Task ScanAsync(ClusterClient client, ResourceReference replication, HomelabConfig config, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var api = await SyncthingApi.OpenAsync(client, replication, config, cancellationToken);
                await ScanAsync(api, cancellationToken);
                return;
            }
            catch (HomelabException error) when (error.Id is nameof(Errors.SyncthingUnreachable) or nameof(Errors.SyncthingNotRunning))
            {
                await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            }
        }
    }

    // It answers when it has looked through all files.
    private static async Task ScanAsync(SyncthingApi api, CancellationToken cancellationToken)
    {
        foreach (var folder in await api.GetAsync("rest/config/folders", SyncthingWireContext.Default.ListFolderWire, cancellationToken))
        {
            await api.PostAsync($"rest/db/scan?folder={Uri.EscapeDataString(folder.Id)}", cancellationToken, Timeout.InfiniteTimeSpan);
        }
    }
}
