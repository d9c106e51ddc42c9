using HomelabOps.Core.Replication.Syncthing.Wire;

namespace HomelabOps.Core.Replication.Syncthing;

/// <summary>Asks a Syncthing all that its state consists of.</summary>
internal static class SyncthingProbe
{
    private const string ConflictMark = ".sync-conflict-";

    // As deep as files of applications usually are, so that a library of media does not come whole.
    private const int Levels = 6;
    private const int MostConflicts = 1000;

    /// <summary>A reading for each folder.</summary>
    /// <exception cref="HomelabException">SyncthingRefused, SyncthingUnreachable.</exception>
    public static async Task<IReadOnlyList<SyncthingReading>> ReadAsync(SyncthingApi api, CancellationToken cancellationToken)
    {
        var context = SyncthingWireContext.Default;
        var own = await api.GetAsync("rest/system/status", context.SystemStatusWire, cancellationToken);
        var folders = api.GetAsync("rest/config/folders", context.ListFolderWire, cancellationToken);
        var devices = api.GetAsync("rest/config/devices", context.ListDeviceWire, cancellationToken);
        var connections = api.GetAsync("rest/system/connections", context.ConnectionsWire, cancellationToken);
        var statistics = api.GetAsync("rest/stats/device", context.DictionaryStringDeviceStatisticWire, cancellationToken);
        var received = api.GetAsync("rest/stats/folder", context.DictionaryStringFolderStatisticWire, cancellationToken);
        await Task.WhenAll(folders, devices, connections, statistics, received);
        var facts = new Facts(own.MyId, await received, (await devices).ToDictionary(device => device.DeviceId, StringComparer.Ordinal), (await connections).Connections ?? [], await statistics);
        return await Task.WhenAll((await folders).Select(folder => ReadAsync(api, folder, facts, cancellationToken)));
    }

    /// <summary>Completions of a folder, this device first and then its peers.</summary>
    public static Task<CompletionWire> CompletionAsync(SyncthingApi api, string folder, string? peer, CancellationToken cancellationToken) => api.GetAsync(
        $"rest/db/completion?folder={Uri.EscapeDataString(folder)}{(peer is null ? "" : $"&device={Uri.EscapeDataString(peer)}")}",
        SyncthingWireContext.Default.CompletionWire,
        cancellationToken);

    private static async Task<SyncthingReading> ReadAsync(SyncthingApi api, FolderWire folder, Facts facts, CancellationToken cancellationToken)
    {
        var name = Uri.EscapeDataString(folder.Id);
        var own = CompletionAsync(api, folder.Id, null, cancellationToken);
        var status = api.GetAsync($"rest/db/status?folder={name}", SyncthingWireContext.Default.FolderStatusWire, cancellationToken);
        var conflicts = ConflictsAsync(api, name, cancellationToken);
        var peers = Task.WhenAll((folder.Devices ?? []).Select(device => device.DeviceId).Where(id => id != facts.Device).Order(StringComparer.Ordinal)
            .Select(async id => facts.Peer(id, await CompletionAsync(api, folder.Id, id, cancellationToken))));
        await Task.WhenAll(own, status, conflicts, peers);
        return new(facts.Device, folder, facts.LastReceived(folder.Id), await own, await status, await FirstErrorAsync(api, name, await status, cancellationToken), await conflicts, await peers);
    }

    private static async Task<string> FirstErrorAsync(SyncthingApi api, string folder, FolderStatusWire status, CancellationToken cancellationToken)
    {
        if ((status.PullErrors ?? status.Errors ?? 0) == 0)
        {
            return status.Error ?? "";
        }

        var errors = await api.GetAsync($"rest/folder/errors?folder={folder}", SyncthingWireContext.Default.FolderErrorsWire, cancellationToken);
        return errors.Errors is [var first, ..] ? $"{first.Path}: {first.Error}" : status.Error ?? "";
    }

    private static async Task<IReadOnlyList<string>> ConflictsAsync(SyncthingApi api, string folder, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        await api.EachAsync(FormattableString.Invariant($"rest/db/browse?folder={folder}&levels={Levels}"), SyncthingWireContext.Default.BrowseEntryWire, entry => Collect(entry, ""), cancellationToken);
        found.Sort(StringComparer.Ordinal);
        return found;

        void Collect(BrowseEntryWire entry, string above)
        {
            var path = above + entry.Name;
            if (entry.Name.Contains(ConflictMark, StringComparison.Ordinal) && found.Count < MostConflicts)
            {
                found.Add(path);
            }

            entry.Children?.ForEach(child => Collect(child, path + "/"));
        }
    }

    private sealed record Facts(string Device, Dictionary<string, FolderStatisticWire> Received, Dictionary<string, DeviceWire> Devices, Dictionary<string, ConnectionWire> Connections, Dictionary<string, DeviceStatisticWire> Statistics)
    {
        public SyncthingPeerReading Peer(string id, CompletionWire completion)
        {
            var (device, connection) = (Devices.GetValueOrDefault(id), Connections.GetValueOrDefault(id));
            var seen = connection?.Connected == true ? DateTimeOffset.UtcNow : Statistics.GetValueOrDefault(id)?.LastSeen;
            return new(id, device?.Name ?? "", connection?.Connected == true, device?.Paused == true || connection?.Paused == true, completion, connection?.InBytesTotal, Known(seen), device?.Addresses ?? []);
        }

        public DateTimeOffset? LastReceived(string folder) => Known(Received.GetValueOrDefault(folder)?.LastFile?.At);

        // What never was is the beginning of some era.
        private static DateTimeOffset? Known(DateTimeOffset? time) => time > DateTimeOffset.UnixEpoch ? time : null;
    }
}
