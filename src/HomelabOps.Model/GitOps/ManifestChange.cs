namespace HomelabOps;

/// <summary>What a commit did with a file.</summary>
public enum ManifestChange
{
    /// <summary>It was not there before.</summary>
    Added,

    /// <summary>It has another content.</summary>
    Modified,

    /// <summary>It is not there any more.</summary>
    Deleted,
}
