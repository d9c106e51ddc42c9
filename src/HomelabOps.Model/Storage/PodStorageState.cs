namespace HomelabOps;

/// <summary>Which node has a file.</summary>
public enum PodStorageState
{
    /// <summary>Only the primary node.</summary>
    OnlyPrimary,

    /// <summary>Only the backup node.</summary>
    OnlyBackup,

    /// <summary>Both, and not with the same content.</summary>
    Differs,
}
