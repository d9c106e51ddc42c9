using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

/// <summary>The Syncthing of one ReplicationSource. It belongs to a network, and is used under that network's lock.</summary>
/// <param name="source">The ReplicationSource.</param>
/// <param name="id">Its device ID.</param>
/// <param name="claim">The volume whose files it has.</param>
internal sealed class SyncthingDevice(ObjectName source, string id, string claim)
{
    /// <summary>The one folder that VolSync shares.</summary>
    public const string Folder = "syncthing-folder-id";

    private readonly Dictionary<string, SyncLink> _links = new(StringComparer.Ordinal);

    public ObjectName Source => source;

    public string Id => id;

    public string Claim => claim;

    /// <summary>How versions and conflicts name it.</summary>
    public string ShortId => id[..7];

    public SyncthingPlace Place { get; set; } = SyncthingPlace.None;

    /// <summary>The peers of its own settings, which outlast its program. VolSync gives it those of its spec as soon as one comes or goes, and does not look at anything but their IDs.</summary>
    public IReadOnlyList<SyncPeer> Peers { get; private set; } = [];

    public DateTimeOffset Started { get; set; }

    public SyncIndex Index { get; } = new();

    /// <summary>Written by the application and not seen yet.</summary>
    public Dictionary<string, SyncItem> Unseen { get; } = new(StringComparer.Ordinal);

    /// <summary>Changes that the application has made.</summary>
    public int Changes { get; set; }

    /// <summary>Whether the application's next change is planned.</summary>
    public bool IsWriting { get; set; }

    public DateTimeOffset LastScan { get; set; }

    public SyncItem? LastPulled { get; set; }

    public DateTimeOffset LastPulledAt { get; set; }

    public SyncPull? Pull { get; set; }

    public SyncFault Fault { get; set; }

    /// <summary>Cut off from the network.</summary>
    public bool IsGone { get; set; }

    /// <summary>Its folder is paused: it neither looks at its files nor changes them.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Its index was dropped, and is made from the files that are there when the folder goes on.</summary>
    public bool IsDropped { get; set; }

    /// <summary>Its folder was empty when the index was made: what comes is written to the disk.</summary>
    public bool IsEmptied { get; set; }

    public string State { get; private set; } = "idle";

    public DateTimeOffset StateChanged { get; private set; }

    public SyncEvents Events { get; } = new();

    public bool IsRunning => Place.Pod is not null;

    /// <summary>What it knows of a peer.</summary>
    public SyncLink Link(string peer)
    {
        if (!_links.TryGetValue(peer, out var link))
        {
            _links[peer] = link = new();
        }

        return link;
    }

    public SyncPeer? Peer(string peer) => Peers.FirstOrDefault(item => item.Id == peer);

    /// <summary>The next change of its spec gets into its settings whatever it is, as if those were made anew with it.</summary>
    public bool IsFollowing { get; set; }

    /// <summary>Compares the peers of a spec with its own, as VolSync does.</summary>
    public void Configure(IReadOnlyList<SyncPeer> peers)
    {
        var isFollowed = IsFollowing && !Peers.SequenceEqual(peers);
        if (!isFollowed && Peers.Select(peer => peer.Id).ToHashSet(StringComparer.Ordinal).SetEquals(peers.Select(peer => peer.Id)))
        {
            return;
        }

        // All are made anew, so that nobody has paused them.
        (Peers, IsFollowing) = (peers, IsFollowing && !isFollowed);
        foreach (var peer in peers)
        {
            Link(peer.Id).IsPaused = false;
        }
    }

    /// <summary>Looks for a peer elsewhere from now on.</summary>
    public void SetAddress(string peer, string address) => Peers = [.. Peers.Select(item => item.Id == peer ? item with { Address = address } : item)];

    /// <summary>What everybody ought to have, as far as this device knows.</summary>
    public SortedDictionary<string, SyncItem> Global()
    {
        var global = new SortedDictionary<string, SyncItem>(StringComparer.Ordinal);
        foreach (var item in Peers.SelectMany(peer => Link(peer.Id).Known.Items).Concat(Index.Items))
        {
            if (item.IsNewerThan(global.GetValueOrDefault(item.Path)))
            {
                global[item.Path] = item;
            }
        }

        return global;
    }

    /// <summary>What an index lacks of what everybody ought to have. Nobody needs the deletion of what he never had.</summary>
    public IEnumerable<SyncItem> Needed(SyncIndex index) => Global().Values.Where(item =>
        index.Find(item.Path) is var present && !(present is null ? item.IsDeleted : present.Version.Includes(item.Version)));

    /// <summary>What a peer is being sent by this device.</summary>
    public SyncPull? PullOf(string peer) => Link(peer).Partner?.Pull is { } pull && pull.From == this ? pull : null;

    public void SetState(string state, DateTimeOffset now)
    {
        if (State == state)
        {
            return;
        }

        Events.Add(now, "StateChanged", new() { ["duration"] = (now - StateChanged).TotalSeconds, ["folder"] = Folder, ["from"] = State, ["to"] = state });
        (State, StateChanged) = (state, now);
    }
}
