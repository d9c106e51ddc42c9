namespace HomelabOps;

/// <summary>What of an application a manifest says.</summary>
public enum ManifestField
{
    /// <summary>The image of a container.</summary>
    Image,

    /// <summary>How many pods.</summary>
    Replicas,

    /// <summary>A PersistentVolumeClaim that it mounts.</summary>
    Claim,

    /// <summary>Which nodes it may run on.</summary>
    Node,

    /// <summary>A request or a limit of a container.</summary>
    Resources,
}
