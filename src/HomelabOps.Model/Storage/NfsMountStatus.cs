namespace HomelabOps;

/// <summary>A mount of a node, as the node itself sees it.</summary>
public sealed record NfsMountStatus : HomelabRecord
{
    /// <summary>Name of the node.</summary>
    public string Node => Name;

    /// <summary>Where on the node.</summary>
    public string Path { get; init; } = "";

    /// <summary>How it is.</summary>
    public NfsMountState State { get; init; }

    /// <summary>It is mounted as it should be, and answers.</summary>
    public bool Healthy => State == NfsMountState.Mounted;

    /// <summary>What is mounted, such as <c>192.168.1.10:/mnt/user/media</c>; empty where nothing is.</summary>
    public string Source { get; init; } = "";

    /// <summary>Type of the file system, such as <c>nfs4</c>; empty where nothing is mounted.</summary>
    public string FileSystem { get; init; } = "";

    /// <summary>Version of NFS, such as <c>3</c> or <c>4.2</c>; empty for what is no NFS.</summary>
    public string Version { get; init; } = "";

    /// <summary>Options of the mount and of its file system.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>How long the server took to answer; null where it did not.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>Files and folders directly in it; null where they could not be listed.</summary>
    public int? Entries { get; init; }

    /// <summary>Pods of the node whose data is there: all of them where the mount is not well, else those that still hold a former mount.</summary>
    public IReadOnlyList<ResourceReference> AffectedPods { get; init; } = [];

    /// <summary>What is wrong, and what it means; empty where nothing is.</summary>
    public string Message { get; init; } = "";

    /// <summary>When the node was looked at, local time.</summary>
    public DateTime CheckedAt { get; init; }
}
