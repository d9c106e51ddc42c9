namespace HomelabOps;

/// <summary>Which side of a replication a Syncthing is. Both may send and receive; the source is where the application writes.</summary>
public enum SyncthingRole
{
    /// <summary>The side whose files the application uses.</summary>
    Source,

    /// <summary>The side that keeps a copy.</summary>
    Destination,
}
