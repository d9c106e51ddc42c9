namespace HomelabOps;

/// <summary>Which of the two nodes of a homelab something is on.</summary>
public enum HomelabSide
{
    /// <summary>The node that applications run on.</summary>
    Primary,

    /// <summary>The node that a failover moves them to.</summary>
    Backup,
}
