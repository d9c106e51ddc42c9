namespace HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

/// <summary>What keeps a device from writing what it is sent.</summary>
internal enum SyncFault
{
    None,

    /// <summary>It is connected, and nothing arrives.</summary>
    Stuck,

    /// <summary>The mover has no right to write below its folder.</summary>
    PermissionDenied,

    /// <summary>The disk of its folder is full.</summary>
    DiskFull,
}
