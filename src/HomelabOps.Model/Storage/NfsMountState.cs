namespace HomelabOps;

/// <summary>How a mount of a node is.</summary>
public enum NfsMountState
{
    /// <summary>It is mounted as it should be, and answers.</summary>
    Mounted,

    /// <summary>Nothing is mounted there. Where the folder exists, applications write to the node's own disk.</summary>
    Missing,

    /// <summary>The server has forgotten the handle (ESTALE): every access fails until it is mounted anew.</summary>
    Stale,

    /// <summary>The server does not answer: every access waits.</summary>
    Hung,

    /// <summary>It is mounted and has nothing in it.</summary>
    Empty,

    /// <summary>Something else is mounted.</summary>
    WrongSource,

    /// <summary>Another version of NFS, or without an option that it must have.</summary>
    WrongVersion,

    /// <summary>It is mounted read-only, and should not be.</summary>
    ReadOnly,

    /// <summary>The node could not be looked at.</summary>
    Unreachable,
}
