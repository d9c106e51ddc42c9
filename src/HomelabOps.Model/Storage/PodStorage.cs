namespace HomelabOps;

/// <summary>The data of one application on one node.</summary>
public sealed record PodStorage : HomelabRecord
{
    /// <summary>Name of the node.</summary>
    public string Node => Name;

    /// <summary>The application, which is the name of its folder.</summary>
    public string App { get; init; } = "";

    /// <summary>The folder on the node.</summary>
    public string Path { get; init; } = "";

    /// <summary>Bytes of all files in it.</summary>
    public long Bytes { get; init; }

    /// <summary>Files in it, at any depth.</summary>
    public long Files { get; init; }

    /// <summary>When the newest of them was changed, local time; null where there is none.</summary>
    public DateTime? Newest { get; init; }

    /// <summary>Bytes that are free on the disk of the folder.</summary>
    public long DiskFree { get; init; }

    /// <summary>Bytes of that disk.</summary>
    public long DiskTotal { get; init; }
}
