namespace HomelabOps;

/// <summary>One folder of an application that has the data of a backup again.</summary>
public sealed record HomelabRestore
{
    /// <summary>Name of the cluster.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Namespace of the application.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>The application.</summary>
    public string App { get; init; } = "";

    /// <summary>Node that has the folder.</summary>
    public string Node { get; init; } = "";

    /// <summary>The folder on the node.</summary>
    public string Path { get; init; } = "";

    /// <summary>The backup: an archive of this machine, a folder of the node, or a ReplicationSource.</summary>
    public string From { get; init; } = "";

    /// <summary>What the backup is.</summary>
    public BackupKind Kind { get; init; }

    /// <summary>When its data was read, local time; null when nothing says.</summary>
    public DateTime? Time { get; init; }

    /// <summary>Bytes of the files.</summary>
    public long Bytes { get; init; }

    /// <summary>How many files there are.</summary>
    public long Files { get; init; }

    /// <summary>Where on the node the data is that was there before; empty when there was none.</summary>
    public string Aside { get; init; } = "";

    /// <summary>Every file on the node has the checksum that the backup has. What restic restores it checks itself, so it is false there.</summary>
    public bool Verified { get; init; }

    /// <summary>Replications that stay suspended, because they would write into the folder.</summary>
    public IReadOnlyList<ResourceReference> Suspended { get; init; } = [];

    /// <summary>How long it took in all.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The folder.</summary>
    public override string ToString() => Path;
}
