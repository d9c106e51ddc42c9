namespace HomelabOps;

/// <summary>
/// What one Syncthing says of one peer and of its own folder. Its kind is ReplicationSource, or Pod for a Syncthing that VolSync does not run.
/// Figures are null where the Syncthing does not tell them.
/// </summary>
public sealed record SyncthingStatus : HomelabRecord
{
    /// <summary>Application whose data it is; empty when nothing says.</summary>
    public string App { get; init; } = "";

    /// <summary>Its side: by the label syncthing.io/role, else by whether the application uses its claim.</summary>
    public SyncthingRole Role { get; init; }

    /// <summary>Its device ID; empty when unknown.</summary>
    public string Device { get; init; } = "";

    /// <summary>Device ID of the peer; empty for none.</summary>
    public string Peer { get; init; } = "";

    /// <summary>Name of the other replication, else of the device; empty when unknown.</summary>
    public string PeerName { get; init; } = "";

    /// <summary>How it stands.</summary>
    public SyncthingState State { get; init; }

    /// <summary>It is connected, nothing is in error, and the peer that is configured is the right one. What is still being copied is no harm.</summary>
    public bool Healthy { get; init; }

    /// <summary>Why it is not healthy, what is wrong with the peers, or what else is to be known; empty when there is nothing.</summary>
    public string Message { get; init; } = "";

    /// <summary>The peer is connected.</summary>
    public bool Connected { get; init; }

    /// <summary>How much of what everybody ought to have this device has, 0 to 100.</summary>
    public double? CompletionPercent { get; init; }

    /// <summary>Bytes that this device lacks.</summary>
    public long? NeedBytes { get; init; }

    /// <summary>Files, folders and links that this device lacks.</summary>
    public int? NeedItems { get; init; }

    /// <summary>Deletions that this device has not carried out.</summary>
    public int? NeedDeletes { get; init; }

    /// <summary>How much the peer has, as this device knows; of a peer that is gone, as it was then.</summary>
    public double? PeerCompletionPercent { get; init; }

    /// <summary>Bytes that the peer lacks, as this device knows.</summary>
    public long? PeerNeedBytes { get; init; }

    /// <summary>Files, folders and links that the peer lacks, as this device knows.</summary>
    public int? PeerNeedItems { get; init; }

    /// <summary>Nobody lacks anything, and both are connected: what was said before a peer went away may be outdated.</summary>
    public bool InSync { get; init; }

    /// <summary>Folder ID; VolSync has one for each replication.</summary>
    public string Folder { get; init; } = "";

    /// <summary><c>sendreceive</c>, <c>sendonly</c>, <c>receiveonly</c>; empty when unknown.</summary>
    public string FolderType { get; init; } = "";

    /// <summary>What the folder is at, in Syncthing's words, such as <c>idle</c> or <c>syncing</c>.</summary>
    public string FolderState { get; init; } = "";

    /// <summary>Since when the folder is at that, local time.</summary>
    public DateTime? FolderStateSince { get; init; }

    /// <summary>When this device last received a file, or a deletion, in this folder, local time; null for never.</summary>
    public DateTime? LastReceived { get; init; }

    /// <summary>Bytes that came from the peer since the connection began.</summary>
    public long? ReceivedBytes { get; init; }

    /// <summary>Files that could not be read or written.</summary>
    public int? Errors { get; init; }

    /// <summary>Paths of conflict copies below the folder.</summary>
    public IReadOnlyList<string> Conflicts { get; init; } = [];

    /// <summary>When this device last saw the peer, local time; null for never.</summary>
    public DateTime? LastSeen { get; init; }

    /// <summary>The peer that the spec names; null for none, and where VolSync does not run it.</summary>
    public SyncthingPeer? ConfiguredPeer { get; init; }

    /// <summary>The peer that the spec ought to name, by the other replication's own ID and Service; null where that is not in this cluster.</summary>
    public SyncthingPeer? ExpectedPeer { get; init; }

    /// <summary>Where the Syncthing itself looks for the peer, when that is not what its spec says; else empty. VolSync tells it nothing of an address that has changed.</summary>
    public string StaleAddress { get; init; } = "";

    /// <summary>The spec names another ID or address than the other side has now, or the Syncthing looks elsewhere than its spec says.</summary>
    public bool PeerDrift { get; init; }

    /// <summary>Node that it runs on; empty when it does not run.</summary>
    public string Node { get; init; } = "";

    /// <summary>Its pod; empty when there is none.</summary>
    public string Pod { get; init; } = "";

    /// <summary>When it was asked, local time.</summary>
    public DateTime CheckedAt { get; init; }
}
