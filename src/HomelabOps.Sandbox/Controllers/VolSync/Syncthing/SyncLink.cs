namespace HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

/// <summary>What a device knows of one of its peers.</summary>
internal sealed class SyncLink
{
    /// <summary>Since when they are connected; null when they are not.</summary>
    public DateTimeOffset? Since { get; set; }

    /// <summary>When they were last connected; null for never.</summary>
    public DateTimeOffset? LastSeen { get; set; }

    public TimeSpan LastDuration { get; set; }

    /// <summary>The peer's index as it was last told; while they are connected it is the peer's own.</summary>
    public SyncIndex Known { get; set; } = new();

    /// <summary>The peer itself, while they are connected.</summary>
    public SyncthingDevice? Partner { get; set; }

    /// <summary>The peer's own name, which is that of its pod; known once they were connected.</summary>
    public string Name { get; set; } = "";

    /// <summary>Where the connection goes to.</summary>
    public string Address { get; set; } = "";

    /// <summary>Whether this side opened the connection.</summary>
    public bool IsClient { get; set; }

    /// <summary>Stopped through the REST API.</summary>
    public bool IsPaused { get; set; }

    public long BytesIn { get; set; }

    public long BytesOut { get; set; }

    public bool IsConnected => Since is not null;
}
