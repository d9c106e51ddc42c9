namespace HomelabOps.Sandbox.Homelab;

/// <summary>How an application reaches the media of the file server.</summary>
internal enum MediaAccess
{
    None,

    /// <summary>By a folder of the node, where the node has mounted them.</summary>
    Node,

    /// <summary>By an NFS volume of its pod.</summary>
    Nfs,
}
