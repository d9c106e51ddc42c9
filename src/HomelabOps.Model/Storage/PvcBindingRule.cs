namespace HomelabOps;

/// <summary>What a volume must be for a claim to get it, in the order in which it is looked at.</summary>
public enum PvcBindingRule
{
    /// <summary>No rule is broken.</summary>
    None,

    /// <summary>The claim names no other volume (<c>spec.volumeName</c>).</summary>
    VolumeName,

    /// <summary>It belongs to no other claim, and to no deleted one (<c>spec.claimRef</c>).</summary>
    ClaimRef,

    /// <summary>It is Available.</summary>
    Phase,

    /// <summary>It is at least as large as the claim asks for; it need not be equal.</summary>
    Capacity,

    /// <summary>It has the same storage class. No class, <c>""</c>, is one too.</summary>
    StorageClass,

    /// <summary>It offers all access modes that the claim asks for.</summary>
    AccessModes,

    /// <summary>Both are file systems, or both are block devices.</summary>
    VolumeMode,

    /// <summary>Its labels are what the claim's selector asks for.</summary>
    Selector,

    /// <summary>A node can mount it that is ready, not cordoned, and open to the pod.</summary>
    NodeAffinity,

    /// <summary>It is not being deleted.</summary>
    Deletion,
}
