namespace HomelabOps.Core.Applications.Edits;

/// <summary>What a replication is to be in the repository.</summary>
internal sealed record ReplicationWish
{
    private ReplicationWish(ResourceReference replication, bool isSilent, IReadOnlyList<SyncthingPeer> peers) => (Replication, IsSilent, Peers) = (replication, isSilent, peers);

    /// <summary>The ReplicationSource or ReplicationDestination.</summary>
    public ResourceReference Replication { get; }

    /// <summary>It writes nothing: a Syncthing has no peers, all others are paused.</summary>
    public bool IsSilent { get; }

    /// <summary>The peers of a Syncthing that works.</summary>
    public IReadOnlyList<SyncthingPeer> Peers { get; }

    /// <summary>To write nothing. That a Syncthing is paused would not stop it, so its peers go.</summary>
    public static ReplicationWish Silence(ResourceReference replication) => new(replication, isSilent: true, []);

    /// <summary>To work again, a Syncthing with these peers; with none given, with those that it has.</summary>
    public static ReplicationWish Revive(ResourceReference replication, params IReadOnlyList<SyncthingPeer> peers) => new(replication, isSilent: false, peers);
}
