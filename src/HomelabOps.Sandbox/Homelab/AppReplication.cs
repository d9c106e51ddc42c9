namespace HomelabOps.Sandbox.Homelab;

/// <summary>How the data of an application get to the other node, or off it.</summary>
internal enum AppReplication
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Two ReplicationSources whose Syncthings are each other's peers.</summary>
    Syncthing,

    /// <summary>The same, with labels on the movers' pods that say which side is the source.</summary>
    Labelled,

    /// <summary>A ReplicationSource that sends to a ReplicationDestination with rsync over TLS.</summary>
    Rsync,

    /// <summary>A scheduled backup to a restic repository.</summary>
    Restic,
}
