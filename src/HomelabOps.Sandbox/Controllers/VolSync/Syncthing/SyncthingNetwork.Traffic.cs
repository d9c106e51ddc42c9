using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Controllers.Nodes.Programs;

namespace HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

/// <summary>What goes on between the devices; all of it under the lock.</summary>
internal sealed partial class SyncthingNetwork
{
    private void Connect(SyncthingDevice device, IReadOnlyList<SyncPeer> formerPeers)
    {
        foreach (var id in device.Peers.Concat(formerPeers).Select(peer => peer.Id).Distinct(StringComparer.Ordinal))
        {
            if (_byId.GetValueOrDefault(id) is { } other && other != device)
            {
                var canMeet = CanMeet(device, other);
                if (canMeet != device.Link(id).IsConnected)
                {
                    Set(device, other, canMeet);
                    Set(other, device, canMeet);
                    Pull(device);
                    Pull(other);
                }
            }
        }
    }

    private void Restart(SyncthingDevice device)
    {
        var place = device.Place;
        device.Place = place with { Pod = null };
        Connect(device, place.Peers);
        device.Place = place;
        device.Started = _now;
        device.Events.Add(_now, "StartupComplete", new() { ["myID"] = device.Id });
        Connect(device, place.Peers);
    }

    // Peers with the same files find nothing new in an index that is made anew from them.
    private void TakeIn(SyncthingDevice device)
    {
        if (device.IsDropped && FilesOf(device) is { Count: 0 })
        {
            device.Index.Clear();
            device.Unseen.Clear();
            device.IsEmptied = true;
        }

        device.IsDropped = false;
    }

    // Null where nobody knows.
    private List<(string Path, FileEntry Entry)>? FilesOf(SyncthingDevice device) => Volumes is null || device.Place is not { Node: { } node, Folder.Length: > 0 } ? null
        : [.. Volumes.Read(node, device.Place.Folder).Where(file => file.Path.Length > 0 && !file.Path.TrimStart('/').StartsWith(".stfolder", StringComparison.Ordinal))];

    // The disk of who was emptied has what the sender's has.
    private void Fill(SyncthingDevice device)
    {
        var from = device.Peers.Where(peer => device.Link(peer.Id).IsConnected).Select(peer => _byId[peer.Id]).FirstOrDefault();
        if (device.IsEmptied && from is not null && FilesOf(from) is { } files)
        {
            Volumes!.Write(device.Place.Node!, device.Place.Folder, files, deletes: false);
            device.IsEmptied = false;
        }
    }

    private bool CanMeet(SyncthingDevice one, SyncthingDevice other) =>
        IsReachable(one) && IsReachable(other) && (one.Place.Node is not { } here || other.Place.Node is not { } there || AreLinked(here, there)) && !_severed.Contains(Pair(one.Id, other.Id)) && Knows(one, other) && Knows(other, one);

    private bool IsReachable(SyncthingDevice device) => device.IsRunning && !device.IsGone && (device.Place.Node is not { } node || IsNodeUp(node));

    private static bool Knows(SyncthingDevice device, SyncthingDevice other) => device.Peer(other.Id) is { } peer && other.Place.IsAt(peer.Address) && !device.Link(other.Id).IsPaused;

    private static (string, string) Pair(string one, string other) => string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one);

    private void Set(SyncthingDevice device, SyncthingDevice other, bool isConnected)
    {
        var link = device.Link(other.Id);
        _changed.Add(device.Source);
        if (isConnected)
        {
            (link.Since, link.LastSeen) = (_now, _now);
            (link.Partner, link.Known) = (other, other.Index);
            link.Name = other.Place.Pod!;
            link.IsClient = string.CompareOrdinal(device.Id, other.Id) < 0;
            link.Address = link.IsClient
                ? $"{other.Place.Hosts[0]}:{SyncthingPlace.DataPort}"
                : $"{other.Place.PodAddress}:{AppFiles.Pick(_seed, other.Id, other.Started.Ticks, 32768, 60999)}";
            device.Events.Add(_now, "DeviceConnected", new()
            {
                ["addr"] = link.Address,
                ["clientName"] = "syncthing",
                ["clientVersion"] = SyncthingVersion.Name,
                ["deviceName"] = link.Name,
                ["id"] = other.Id,
                ["type"] = link.IsClient ? "tcp-client" : "tcp-server",
            });
            return;
        }

        link.LastDuration = _now - link.Since!.Value;
        (link.LastSeen, link.Since) = (_now, null);
        (link.Partner, link.Known) = (null, other.Index.Copy());
        device.Events.Add(_now, "DeviceDisconnected", new() { ["error"] = "reading length: EOF", ["id"] = other.Id });
        if (device.Pull?.From == other)
        {
            device.Pull = null;
        }
    }

    // The application's side.
    private void Write(SyncthingDevice device)
    {
        if (!device.Place.HasWriter || device.IsWriting)
        {
            return;
        }

        if (device.Index.Items.Count == 0 && device.Unseen.Count == 0 && !HasSource(device))
        {
            foreach (var (path, size) in AppFiles.Initial(_seed, device.Claim))
            {
                Write(device, path, size, AppFiles.Hash(_seed, device.Claim, size));
            }

            Scan(device);
        }

        device.IsWriting = true;
        Plan(device);
    }

    // Files that a partner has already are the application's own: it is being moved, and not new.
    private bool HasSource(SyncthingDevice device) => device.Peers.Any(peer => _byId.GetValueOrDefault(peer.Id)?.Index.Items.Count > 0);

    private void Plan(SyncthingDevice device)
    {
        var share = AppFiles.Pick(_seed, device.Claim, 5_000_000 + device.Changes, 500, 1500) / 1000.0;
        var next = _now + (ChangeInterval * share);
        var earliest = _until - LongestBacklog;
        At(next > earliest ? next : earliest, () =>
        {
            device.IsWriting = device.Place.HasWriter;
            if (device.IsWriting)
            {
                var number = ++device.Changes;
                var (path, size) = AppFiles.Change(_seed, device.Claim, number);
                Write(device, path, size, AppFiles.Hash(_seed, device.Claim, number));
                Plan(device);
            }
        });
    }

    private void Write(SyncthingDevice device, string path, long size, long content)
    {
        var present = device.Index.Find(path);
        if (size == 0 && present is null or { IsDeleted: true } && !device.Unseen.ContainsKey(path))
        {
            return;
        }

        if (device.Unseen.Count == 0)
        {
            At(_now + WatcherDelay, () => Scan(device));
        }

        device.Unseen[path] = new(path, Math.Max(size, 0), _now, device.ShortId, present?.Version ?? VersionVector.None)
        {
            IsDirectory = size < 0,
            IsDeleted = size == 0,
            Content = content,
        };
    }

    private void Scan(SyncthingDevice device)
    {
        if (!device.IsRunning || device.IsPaused)
        {
            // Whoever does not run sees it when it starts.
            At(_now + WatcherDelay, () => Scan(device));
            return;
        }

        device.LastScan = _now;
        if (device.Unseen.Count == 0)
        {
            return;
        }

        var state = device.State;
        device.SetState("scanning", _now);
        var names = new JsonArray();
        foreach (var item in device.Unseen.Values.OrderBy(item => item.Path, StringComparer.Ordinal))
        {
            var version = device.Index.Find(item.Path)?.Version ?? VersionVector.None;
            device.Index.Set(item with { Version = version.Changed(device.ShortId, _now) });
            names.Add((JsonNode)item.Path);
        }

        device.Unseen.Clear();
        device.Events.Add(_now, "LocalIndexUpdated", new()
        {
            ["filenames"] = names,
            ["folder"] = SyncthingDevice.Folder,
            ["items"] = names.Count,
            ["sequence"] = device.Index.Sequence,
            ["version"] = device.Index.Sequence,
        });
        device.SetState(state, _now);
        Tell(device);
    }

    private void Tell(SyncthingDevice device)
    {
        foreach (var other in device.Peers.Where(peer => device.Link(peer.Id).IsConnected).Select(peer => _byId[peer.Id]))
        {
            other.Events.Add(_now, "RemoteIndexUpdated", new()
            {
                ["device"] = device.Id,
                ["folder"] = SyncthingDevice.Folder,
                ["items"] = device.Index.Items.Count,
                ["sequence"] = device.Index.Sequence,
                ["version"] = device.Index.Sequence,
            });
            Pull(other);
        }
    }

    // Transfers.
    private void Pull(SyncthingDevice device)
    {
        if (device.Pull is not null || device.IsPaused)
        {
            return;
        }

        var next = device.IsRunning ? Next(device) : null;
        device.SetState(next is null ? "idle" : device.Fault == SyncFault.DiskFull ? "error" : "syncing", _now);
        if (next is not ({ } item, { } from) || device.Fault != SyncFault.None)
        {
            if (next is null)
            {
                Fill(device);
            }

            return;
        }

        var present = device.Index.Find(item.Path);
        var bytes = present?.HasSameContent(item) == true ? 0 : item.Bytes;
        var pull = new SyncPull(item, from, _now, _now + Latency + TimeSpan.FromSeconds(bytes / (double)Bandwidth));
        device.Pull = pull;
        device.Events.Add(_now, "ItemStarted", SyncthingViews.ItemEvent(item));
        At(pull.End, () => Arrive(device, pull));
    }

    private (SyncItem Item, SyncthingDevice From)? Next(SyncthingDevice device)
    {
        (SyncItem Item, SyncthingDevice From)? next = null;
        foreach (var peer in device.Peers.Where(peer => device.Link(peer.Id).IsConnected))
        {
            var from = _byId[peer.Id];
            foreach (var item in from.IsPaused ? [] : from.Index.Items)
            {
                var present = device.Index.Find(item.Path);
                if (item.IsNewerThan(present) && (present is not null || !item.IsDeleted) && (next is null || string.CompareOrdinal(item.Path, next.Value.Item.Path) < 0))
                {
                    next = (item, from);
                }
            }
        }

        return next;
    }

    private void Arrive(SyncthingDevice device, SyncPull pull)
    {
        if (device.Pull != pull)
        {
            return;
        }

        device.Pull = null;
        var item = pull.Item;
        if (device.Fault == SyncFault.None && pull.From.Index.Find(item.Path) == item)
        {
            Install(device, item, pull.From);
        }

        Pull(device);
    }

    private void Install(SyncthingDevice device, SyncItem item, SyncthingDevice from)
    {
        var present = device.Index.Find(item.Path);
        if (present is not null && !item.Version.Includes(present.Version))
        {
            if (!present.IsDeleted && !present.IsDirectory && !present.IsConflict && !present.HasSameContent(item))
            {
                var path = ConflictName(present, _now);
                device.Index.Set(present with { Path = path, ModifiedBy = device.ShortId, Version = VersionVector.None.Changed(device.ShortId, _now) });
            }

            item = item with { Version = item.Version.Merge(present.Version) };
        }

        device.Index.Set(item);
        (device.LastPulled, device.LastPulledAt) = (item, _now);
        device.Link(from.Id).BytesIn += item.Bytes;
        from.Link(device.Id).BytesOut += item.Bytes;
        var data = SyncthingViews.ItemEvent(item);
        data["error"] = null;
        device.Events.Add(_now, "ItemFinished", data);
        Tell(device);
    }

    private static string ConflictName(SyncItem item, DateTimeOffset now)
    {
        var extension = Path.GetExtension(item.Path);
        return Invariant($"{item.Path[..^extension.Length]}.sync-conflict-{now.UtcDateTime:yyyyMMdd-HHmmss}-{item.ModifiedBy}{extension}");
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
