namespace HomelabOps;

/// <summary>A file that the primary and the backup node do not have alike.</summary>
public sealed record PodStorageDifference
{
    /// <summary>Name of the connection that the nodes are of.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>The application, which is the name of its folder.</summary>
    public string App { get; init; } = "";

    /// <summary>The file, below the folder of all applications.</summary>
    public string Path { get; init; } = "";

    /// <summary>Who has it.</summary>
    public PodStorageState State { get; init; }

    /// <summary>Bytes on the primary node; null where it is not there.</summary>
    public long? PrimaryBytes { get; init; }

    /// <summary>Bytes on the backup node; null where it is not there.</summary>
    public long? BackupBytes { get; init; }

    /// <summary>When it was changed on the primary node, local time; null where it is not there.</summary>
    public DateTime? PrimaryTime { get; init; }

    /// <summary>When it was changed on the backup node, local time; null where it is not there.</summary>
    public DateTime? BackupTime { get; init; }

    /// <summary>State and path.</summary>
    public override string ToString() => $"{State} {Path}";
}
