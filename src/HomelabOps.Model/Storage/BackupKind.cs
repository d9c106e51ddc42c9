namespace HomelabOps;

/// <summary>What a backup is.</summary>
public enum BackupKind
{
    /// <summary>A compressed tar archive on this machine.</summary>
    Archive,

    /// <summary>A folder beside the data on its node: what was there before a restore.</summary>
    Protect,

    /// <summary>The newest snapshot of a restic repository that VolSync keeps.</summary>
    Restic,
}
