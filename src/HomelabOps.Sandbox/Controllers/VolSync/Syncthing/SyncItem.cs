namespace HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

/// <summary>A file or folder in the index of a device.</summary>
/// <param name="Path">Within the shared folder.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">When its content was written.</param>
/// <param name="ModifiedBy">The first seven characters of the device that changed it.</param>
/// <param name="Version">Who changed it how often.</param>
internal sealed record SyncItem(string Path, long Size, DateTimeOffset Modified, string ModifiedBy, VersionVector Version)
{
    // What Syncthing counts for a folder.
    private const int FolderSize = 128;

    public bool IsDirectory { get; init; }

    public bool IsDeleted { get; init; }

    /// <summary>Stands for the bytes: the same number, the same content.</summary>
    public long Content { get; init; }

    /// <summary>Its place in the order of changes of the device whose index this is.</summary>
    public long Sequence { get; init; }

    /// <summary>Bytes as totals count them.</summary>
    public long Bytes => IsDeleted ? 0 : IsDirectory ? FolderSize : Size;

    public bool IsConflict => Path.Contains(".sync-conflict-", StringComparison.Ordinal);

    public bool HasSameContent(SyncItem other) => IsDeleted == other.IsDeleted && IsDirectory == other.IsDirectory && (IsDeleted || (Content == other.Content && Size == other.Size));

    /// <summary>Whether this is what everybody ought to have, and not the other.</summary>
    public bool IsNewerThan(SyncItem? other)
    {
        if (other is null)
        {
            return true;
        }

        if (other.Version.Includes(Version))
        {
            return false;
        }

        // Both changed apart from each other: a deletion gives way, the later one wins.
        return Version.Includes(other.Version)
            || (IsDeleted != other.IsDeleted ? other.IsDeleted : (Modified, ModifiedBy).CompareTo((other.Modified, other.ModifiedBy)) > 0);
    }
}
