namespace HomelabOps;

/// <summary>The data of one application as it was at a time.</summary>
public sealed record HomelabBackup
{
    /// <summary>Name of the cluster; empty for an archive that was found in a folder, which does not say.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Namespace of the application; empty for an archive that was found in a folder, which does not say.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>The application.</summary>
    public string App { get; init; } = "";

    /// <summary>The archive on this machine, the folder on the node, or the ReplicationSource.</summary>
    public string Path { get; init; } = "";

    /// <summary>Node that the data is of; empty when nothing says.</summary>
    public string Node { get; init; } = "";

    /// <summary>When the data was read, or moved aside; local time.</summary>
    public DateTime Time { get; init; }

    /// <summary>Bytes of the archive or the folder; null where only the repository knows.</summary>
    public long? Bytes { get; init; }

    /// <summary>What it is.</summary>
    public BackupKind Kind { get; init; }

    /// <summary>It was read from beginning to end, and is whole and what was written; null when it was not read.</summary>
    public bool? Verified { get; init; }

    /// <summary>What is wrong with it; empty when nothing is known.</summary>
    public string Message { get; init; } = "";

    /// <summary>The path.</summary>
    public override string ToString() => Path;
}
