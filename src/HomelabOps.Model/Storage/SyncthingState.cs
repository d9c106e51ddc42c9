namespace HomelabOps;

/// <summary>How a Syncthing stands towards a peer.</summary>
public enum SyncthingState
{
    /// <summary>It is connected, and neither side lacks anything.</summary>
    InSync,

    /// <summary>It is connected, and one side lacks something.</summary>
    Syncing,

    /// <summary>Files cannot be written or read, or the folder is in error.</summary>
    Error,

    /// <summary>The peer is not connected.</summary>
    Disconnected,

    /// <summary>The peer or the folder is paused, or the peers were taken away by a suspension.</summary>
    Paused,

    /// <summary>No peer is configured.</summary>
    NoPeer,

    /// <summary>There is no pod that is ready.</summary>
    NotRunning,

    /// <summary>Its API does not answer, or not as a Syncthing does.</summary>
    Unreachable,

    /// <summary>Its API refuses the key, or there is no key.</summary>
    Refused,

    /// <summary>Nobody knows: the account may not read its key, or not reach it.</summary>
    Unread,
}
