namespace HomelabOps.Sandbox.Controllers.Nodes.World;

/// <summary>What is wrong with a mount of a node.</summary>
internal enum MountFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Nothing is mounted: the folder under it is seen, empty and on the local disk.</summary>
    Missing,

    /// <summary>The server has forgotten the handle: every access ends with ESTALE.</summary>
    Stale,

    /// <summary>The server does not answer: every access waits until its process is killed.</summary>
    Hung,

    /// <summary>Another export is mounted.</summary>
    WrongSource,

    /// <summary>The same export, with another version of NFS.</summary>
    WrongVersion,

    /// <summary>Mounted read-only.</summary>
    ReadOnly,

    /// <summary>Mounted, with nothing in it.</summary>
    Empty,
}
