using HomelabOps.Core.GitOps.Git;

namespace HomelabOps.Core.GitOps.History;

/// <summary>What a commit did with one file.</summary>
/// <param name="Path">The file, as a path of the repository.</param>
/// <param name="Before">As it was; null where the commit made it.</param>
/// <param name="After">As the commit left it; null where it deleted it.</param>
internal sealed record RevertedFile(string Path, GitFile? Before, GitFile? After)
{
    /// <summary>It is, or was, a submodule.</summary>
    public bool IsSubmodule => Before?.Mode == LibGit2Sharp.Mode.GitLink || After?.Mode == LibGit2Sharp.Mode.GitLink;
}
