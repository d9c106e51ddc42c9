using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Commits;

/// <summary>What becomes of one file.</summary>
/// <param name="Path">The file, as a path of the repository: / between its parts and none before them.</param>
/// <param name="Before">Its bytes; null where it is new.</param>
/// <param name="After">Its bytes afterwards, of a symbolic link its text; null where it goes.</param>
internal sealed record FileChange(string Path, byte[]? Before, byte[]? After)
{
    /// <summary>What kind of file it becomes; null for the kind that it is, and for a plain file where it is new.</summary>
    public Mode? Mode { get; init; }

    /// <summary>The bytes afterwards are what Git has stored once, so that no filter is to change them again.</summary>
    public bool IsStored { get; init; }
}
