using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Git;

/// <summary>What a commit has under a path, other than a folder.</summary>
/// <param name="Mode">What kind of file.</param>
/// <param name="Bytes">Its content: of a symbolic link the text, of a submodule the hash of its commit.</param>
internal sealed record GitFile(Mode Mode, byte[] Bytes)
{
    /// <summary>A file, and no link or submodule.</summary>
    public bool IsPlain => Mode is Mode.NonExecutableFile or Mode.ExecutableFile or Mode.NonExecutableGroupWritableFile;

    /// <summary>Reads an entry; null for a folder and for nothing.</summary>
    public static GitFile? Of(TreeEntry? entry)
    {
        if (entry?.TargetType == TreeEntryTargetType.GitLink)
        {
            return new(entry.Mode, System.Text.Encoding.ASCII.GetBytes(entry.Target.Sha));
        }

        if (entry?.Target is not Blob blob)
        {
            return null;
        }

        using var content = blob.GetContentStream();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return new(entry.Mode, copy.ToArray());
    }

    /// <summary>Whether both are of the same kind with the same content, or are not there.</summary>
    public static bool Same(GitFile? one, GitFile? other) => one is null || other is null ? one is null && other is null : one.Mode == other.Mode && one.Bytes.AsSpan().SequenceEqual(other.Bytes);
}
