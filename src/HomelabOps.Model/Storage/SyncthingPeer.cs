namespace HomelabOps;

/// <summary>A peer as <c>spec.syncthing.peers</c> names it.</summary>
/// <param name="Id">Device ID.</param>
/// <param name="Address">Where it is, as <c>tcp://host:port</c>.</param>
public sealed record SyncthingPeer(string Id, string Address)
{
    /// <summary>The beginning of the ID, by which Syncthing's own pages name devices.</summary>
    public string ShortId => Id.Length > 7 ? Id[..7] : Id;

    /// <summary>Short ID and address.</summary>
    public override string ToString() => $"{ShortId} {Address}";
}
