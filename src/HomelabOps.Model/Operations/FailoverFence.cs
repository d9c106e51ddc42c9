namespace HomelabOps;

/// <summary>What proves that a node which does not answer is really off, and not only cut off with its applications still writing.</summary>
public enum FailoverFence
{
    /// <summary>Its container or VM is stopped on its Proxmox host, over SSH.</summary>
    Proxmox,

    /// <summary>A person says so, by typing its name.</summary>
    Confirm,

    /// <summary>Nothing; the result says so.</summary>
    None,
}
