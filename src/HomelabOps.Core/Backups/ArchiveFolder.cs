namespace HomelabOps.Core.Backups;

/// <summary>A folder that an archive was made of, with all in it.</summary>
/// <param name="Member">Its name as tar wants it.</param>
/// <param name="Path">The name without the dot in front.</param>
internal sealed record ArchiveFolder(string Member, string Path)
{
    private const long Block = 4096;

    /// <summary>Of its files, with their paths as the archive has them.</summary>
    public FileDigest Digest { get; } = new();

    /// <summary>How many files it has.</summary>
    public long Files { get; private set; }

    /// <summary>Bytes of the files.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes that it takes on a disk, about.</summary>
    public long Room { get; private set; }

    /// <summary>Counts an entry of it.</summary>
    public void Add(bool isFile, long bytes)
    {
        Files += isFile ? 1 : 0;
        Bytes += bytes;
        Room += ((bytes + Block - 1) / Block * Block) + Block;
    }

    /// <summary>It is the folder, or in it.</summary>
    public bool Holds(string path) => path == Path || path.StartsWith(Path + "/", StringComparison.Ordinal);
}
