using System.Globalization;
using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

/// <summary>Devices and their folder as the REST API shows them.</summary>
internal static class SyncthingViews
{
    private const int PerPage = 65536;
    private const string Never = "0001-01-01T00:00:00Z";

    public static JsonObject ItemEvent(SyncItem item) => new()
    {
        ["action"] = item.IsDeleted ? "delete" : "update",
        ["folder"] = SyncthingDevice.Folder,
        ["item"] = item.Path,
        ["type"] = item.IsDirectory ? "dir" : "file",
    };

    public static JsonObject Status(SyncthingDevice device, DateTimeOffset now)
    {
        const string address = "0.0.0.0:8384";
        var listener = Cells($"tcp://0.0.0.0:{SyncthingPlace.DataPort}");
        return new()
        {
            ["alloc"] = 41_000_000 + (device.Index.Items.Count * 2048L),
            ["connectionServiceStatus"] = new JsonObject
            {
                [listener] = new JsonObject { ["error"] = null, ["lanAddresses"] = Texts(listener), ["wanAddresses"] = Texts(listener) },
            },
            ["cpuPercent"] = 0,
            ["goroutines"] = 64,
            ["guiAddressOverridden"] = false,
            ["guiAddressUsed"] = address,
            ["lastDialStatus"] = DialStatus(device, now),
            ["myID"] = device.Id,
            ["pathSeparator"] = "/",
            ["startTime"] = Time(device.Started),
            ["sys"] = 76_000_000,
            ["tilde"] = "/mover-syncthing",
            ["uptime"] = (long)(now - device.Started).TotalSeconds,
            ["urVersionMax"] = 3,
        };
    }

    public static JsonObject Version() => new()
    {
        ["arch"] = "amd64",
        ["codename"] = SyncthingVersion.Codename,
        ["container"] = true,
        ["date"] = SyncthingVersion.Built,
        ["extra"] = "",
        ["isBeta"] = false,
        ["isCandidate"] = false,
        ["isRelease"] = true,
        ["longVersion"] = $"syncthing {SyncthingVersion.Name} \"{SyncthingVersion.Codename}\" (go1.23.5 linux-amd64) volsync@volsync 2025-02-03 07:36:00 UTC",
        ["os"] = "linux",
        ["stamp"] = SyncthingVersion.Stamp,
        ["tags"] = new JsonArray(),
        ["user"] = "volsync",
        ["version"] = SyncthingVersion.Name,
    };

    public static JsonObject Connections(SyncthingDevice device, DateTimeOffset now)
    {
        var connections = new JsonObject();
        var (received, sent) = (0L, 0L);
        foreach (var (id, link) in device.Peers.Select(peer => (peer.Id, Link: device.Link(peer.Id))).Append((device.Id, new SyncLink())).OrderBy(item => item.Item1, StringComparer.Ordinal))
        {
            received += link.BytesIn;
            sent += link.BytesOut;
            var primary = Connection(link, now);
            var connection = Connection(link, now);
            connection["connected"] = link.IsConnected;
            connection["paused"] = link.IsPaused;
            connection["clientVersion"] = link.IsConnected ? SyncthingVersion.Name : "";
            connection["primary"] = primary;
            connections[id] = connection;
        }

        return new() { ["connections"] = connections, ["total"] = new JsonObject { ["at"] = Time(now), ["inBytesTotal"] = received, ["outBytesTotal"] = sent } };
    }

    /// <summary>How far a device has what everybody ought to have: itself, or a peer as far as it knows.</summary>
    public static JsonObject Completion(SyncthingDevice device, string? peer, bool ofFolder, DateTimeOffset now)
    {
        var link = peer is null || peer == device.Id ? null : device.Link(peer);
        var index = link?.Known ?? device.Index;
        var global = SyncCounts.Of(device.Global().Values);
        var need = SyncCounts.Of(device.Needed(index));
        var pull = link is null ? device.Pull : link.IsConnected ? device.PullOf(peer!) : null;
        var bytes = Math.Max(0, need.Bytes - (pull?.Done(now) ?? 0));
        var ratio = global.Bytes == 0 ? 100 : 100 * (1 - (bytes / (double)global.Bytes));
        return new()
        {
            // What lacks nothing but deletions is not complete, for those who look at nothing else.
            ["completion"] = bytes == 0 && need.Deleted > 0 ? 95 : ratio,
            ["globalBytes"] = global.Bytes,
            ["globalItems"] = global.Items,
            ["needBytes"] = bytes,
            ["needDeletes"] = need.Deleted,
            ["needItems"] = need.Items,
            ["remoteState"] = !ofFolder || link is null || !link.IsConnected ? "unknown" : "valid",
            ["sequence"] = ofFolder ? index.Sequence : 0,
        };
    }

    public static JsonObject FolderStatus(SyncthingDevice device)
    {
        var (local, global, need) = (SyncCounts.Of(device.Index.Items), SyncCounts.Of(device.Global().Values), SyncCounts.Of(device.Needed(device.Index)));
        var errors = Errors(device).Count;
        var remote = new JsonObject();
        foreach (var peer in device.Peers)
        {
            remote[peer.Id] = device.Link(peer.Id).Known.Sequence;
        }

        var status = new JsonObject
        {
            ["errors"] = errors,
            ["pullErrors"] = errors,
            ["invalid"] = "",
        };
        Add(status, "global", global, "Deleted");
        Add(status, "local", local, "Deleted");
        Add(status, "need", need, "Deletes");
        Add(status, "receiveOnlyChanged", default, "Deletes");
        status.Remove("receiveOnlyChangedTotalItems");
        status["receiveOnlyTotalItems"] = 0;
        status["inSyncFiles"] = global.Files - need.Files;
        status["inSyncBytes"] = global.Bytes - need.Bytes;
        status["state"] = device.State;
        status["stateChanged"] = Time(device.StateChanged);
        status["error"] = device.State == "error" ? "insufficient space on disk for folder data: current 0.42 % < required 1 %" : "";
        status["version"] = device.Index.Sequence;
        status["sequence"] = device.Index.Sequence;
        status["remoteSequence"] = remote;
        status["ignorePatterns"] = false;
        status["watchError"] = "";
        return status;
    }

    public static JsonObject Need(SyncthingDevice device)
    {
        var (progress, rest) = (new JsonArray(), new JsonArray());
        foreach (var item in device.Needed(device.Index))
        {
            (device.Pull?.Item.Path == item.Path ? progress : rest).Add((JsonNode)Item(item, isTruncated: true));
        }

        return new() { ["page"] = 1, ["perpage"] = PerPage, ["progress"] = progress, ["queued"] = new JsonArray(), ["rest"] = rest };
    }

    public static JsonObject RemoteNeed(SyncthingDevice device, string peer) => new()
    {
        ["files"] = new JsonArray([.. device.Needed(device.Link(peer).Known).Select(item => Item(item, isTruncated: true))]),
        ["page"] = 1,
        ["perpage"] = PerPage,
    };

    /// <summary>A file as it is here and as it ought to be; null where nobody knows it.</summary>
    public static JsonObject? File(SyncthingDevice device, string path)
    {
        var (local, global) = (device.Index.Find(path), device.Global().GetValueOrDefault(path));
        if (global is null)
        {
            return null;
        }

        var holders = device.Peers
            .Where(peer => device.Link(peer.Id) is { IsConnected: true } link && !global.IsDeleted && link.Known.Find(path)?.Version.IsSame(global.Version) == true)
            .Select(peer => new JsonObject { ["id"] = peer.Id, ["fromTemporary"] = false })
            .ToArray<JsonNode?>();
        return new()
        {
            ["availability"] = holders.Length == 0 ? null : new JsonArray(holders),
            ["global"] = Item(global, isTruncated: false),
            ["local"] = local is null ? Item(new(path, 0, default, "", VersionVector.None), isTruncated: false) : Item(local, isTruncated: false),
            ["mtime"] = new JsonObject { ["err"] = null, ["value"] = new JsonObject { ["real"] = Never, ["virtual"] = Never } },
        };
    }

    public static JsonObject FolderErrors(SyncthingDevice device)
    {
        var errors = Errors(device);
        return new()
        {
            ["errors"] = errors.Count == 0 ? null : new JsonArray([.. errors.Select(error => new JsonObject { ["path"] = error.Path, ["error"] = error.Error })]),
            ["folder"] = SyncthingDevice.Folder,
            ["page"] = 1,
            ["perpage"] = PerPage,
        };
    }

    public static JsonObject DeviceStatistics(SyncthingDevice device, DateTimeOffset now)
    {
        var statistics = new JsonObject();
        foreach (var id in device.Peers.Select(peer => peer.Id).Append(device.Id))
        {
            var link = device.Link(id);
            statistics[id] = new JsonObject
            {
                ["lastSeen"] = Time(link.IsConnected ? now : link.LastSeen ?? DateTimeOffset.UnixEpoch),
                ["lastConnectionDurationS"] = link.LastDuration.TotalSeconds,
            };
        }

        return statistics;
    }

    public static JsonObject FolderStatistics(SyncthingDevice device, DateTimeOffset now) => new()
    {
        [SyncthingDevice.Folder] = new JsonObject
        {
            ["lastFile"] = new JsonObject
            {
                ["at"] = device.LastPulled is null ? Never : Time(device.LastPulledAt),
                ["filename"] = device.LastPulled?.Path ?? "",
                ["deleted"] = device.LastPulled?.IsDeleted ?? false,
            },
            ["lastScan"] = Time(LastScan(device, now)),
        },
    };

    public static JsonArray Events(IEnumerable<SyncEvent> events) => new([.. events.Select(item => new JsonObject
    {
        ["id"] = item.Id,
        ["globalID"] = item.Id,
        ["time"] = Time(item.Time),
        ["type"] = item.Type,
        ["data"] = item.Data.DeepClone(),
    })]);

    /// <summary>The tree of what everybody ought to have, below a prefix.</summary>
    public static JsonArray Browse(SyncthingDevice device, string prefix, int levels)
    {
        var items = device.Global().Values.Where(item => !item.IsDeleted).ToArray();
        return Children(items, prefix.Length == 0 ? "" : prefix.TrimEnd('/') + "/", levels);
    }

    private static JsonArray Children(SyncItem[] items, string prefix, int levels)
    {
        var entries = new JsonArray();
        foreach (var item in items.Where(item => item.Path.Length > prefix.Length && item.Path.StartsWith(prefix, StringComparison.Ordinal) && !item.Path[prefix.Length..].Contains('/', StringComparison.Ordinal)))
        {
            var entry = new JsonObject { ["name"] = item.Path[prefix.Length..], ["modTime"] = Time(item.Modified), ["size"] = item.Bytes, ["type"] = Kind(item) };
            if (item.IsDirectory && levels != 0 && Children(items, item.Path + "/", levels - 1) is { Count: > 0 } children)
            {
                entry["children"] = children;
            }

            entries.Add((JsonNode)entry);
        }

        return entries;
    }

    private static JsonObject Item(SyncItem item, bool isTruncated) => new()
    {
        ["deleted"] = item.IsDeleted,
        ["ignored"] = false,
        ["invalid"] = false,
        ["localFlags"] = 0,
        ["modified"] = item.ModifiedBy.Length == 0 ? Never : Time(item.Modified),
        ["modifiedBy"] = item.ModifiedBy,
        ["mustRescan"] = false,
        ["name"] = item.Path,
        ["noPermissions"] = false,
        ["numBlocks"] = isTruncated ? null : item.IsDeleted || item.IsDirectory ? 0 : (item.Size + 131_071) / 131_072,
        ["permissions"] = item.IsDirectory ? "0755" : "0644",
        ["sequence"] = item.Sequence,
        ["size"] = item.Bytes,
        ["type"] = Kind(item),
        ["version"] = new JsonArray([.. item.Version.Counters.Select(counter => JsonValue.Create(counter))]),
    };

    private static string Kind(SyncItem item) => item.IsDirectory ? "FILE_INFO_TYPE_DIRECTORY" : "FILE_INFO_TYPE_FILE";

    // What does not fit is told of the folder, not of each file.
    private static List<(string Path, string Error)> Errors(SyncthingDevice device) => device.Fault == SyncFault.PermissionDenied
        ? [.. device.Needed(device.Index).Select(item => (item.Path, $"syncing: finishing: open /data/{item.Path}: permission denied"))]
        : [];

    // The folder is looked through each hour, whatever the watcher tells.
    private static DateTimeOffset LastScan(SyncthingDevice device, DateTimeOffset now) => device.LastScan + TimeSpan.FromHours(Math.Max(0, Math.Floor((now - device.LastScan).TotalHours)));

    private static JsonObject DialStatus(SyncthingDevice device, DateTimeOffset now)
    {
        var status = new JsonObject();
        foreach (var peer in device.Peers.Where(peer => !device.Link(peer.Id).IsPaused))
        {
            var host = peer.Address.Replace("tcp://", "", StringComparison.Ordinal);
            status[peer.Address] = new JsonObject { ["when"] = Time(now), ["error"] = device.Link(peer.Id).IsConnected ? null : $"dial tcp {host}: i/o timeout" };
        }

        return status;
    }

    private static JsonObject Connection(SyncLink link, DateTimeOffset now) => new()
    {
        ["at"] = link.IsConnected ? Time(now) : Never,
        ["inBytesTotal"] = link.IsConnected ? link.BytesIn : 0,
        ["outBytesTotal"] = link.IsConnected ? link.BytesOut : 0,
        ["startedAt"] = link.Since is { } since ? Time(since) : Never,
        ["address"] = link.IsConnected ? link.Address : "",
        ["type"] = link.IsConnected ? link.IsClient ? "tcp-client" : "tcp-server" : "",
        ["isLocal"] = link.IsConnected,
        ["crypto"] = link.IsConnected ? "TLS1.3-TLS_AES_128_GCM_SHA256" : "",
    };

    private static void Add(JsonObject status, string prefix, SyncCounts counts, string deleted)
    {
        status[prefix + "Files"] = counts.Files;
        status[prefix + "Directories"] = counts.Directories;
        status[prefix + "Symlinks"] = 0;
        status[prefix + deleted] = counts.Deleted;
        status[prefix + "Bytes"] = counts.Bytes;
        status[prefix + "TotalItems"] = counts.Items + (deleted == "Deletes" ? counts.Deleted : 0);
    }

    private static JsonArray Texts(string text) => new(JsonValue.Create(text));

    private static string Cells(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
