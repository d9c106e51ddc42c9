using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Git;

/// <summary>
/// An open repository with what is checked out of it. A working copy that is linked to another one (git worktree) has a head and an
/// index of its own and shares all else, of which LibGit2Sharp finds the objects and not the settings. So what is shared is opened
/// with the folder and the index of the linked one, and the head is read beside it.
/// </summary>
internal sealed class WorkTree : IDisposable
{
    private readonly Repository _own;

    private WorkTree(Repository own, Repository shared) => (_own, Repository) = (own, shared);

    /// <summary>Objects, references, settings, index and files. Its head is that of the main working copy.</summary>
    public Repository Repository { get; }

    /// <summary>Folder of those of Git's files that are this working copy's own.</summary>
    public string GitFolder => _own.Info.Path;

    /// <summary>In which state it is.</summary>
    public RepositoryInformation Info => _own.Info;

    /// <summary>What is checked out.</summary>
    public Branch Head => Repository == _own || _own.Info.IsHeadDetached || _own.Info.IsHeadUnborn ? _own.Head : Repository.Branches[_own.Head.CanonicalName];

    /// <summary>Opens a repository.</summary>
    /// <param name="path">Root of the working copy, or Git's own folder.</param>
    /// <exception cref="LibGit2SharpException">There is none, or it cannot be read.</exception>
    public static WorkTree Open(string path)
    {
        var own = new Repository(path);
        try
        {
            var link = Path.Combine(own.Info.Path, "commondir");
            return new(own, File.Exists(link) ? OpenShared(own, File.ReadAllText(link).Trim()) : own);
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Repository.Dispose();
        _own.Dispose();
    }

    private static Repository OpenShared(Repository own, string folder) => new(
        Path.GetFullPath(folder, own.Info.Path), new RepositoryOptions { WorkingDirectoryPath = own.Info.WorkingDirectory, IndexPath = Path.Combine(own.Info.Path, "index") });
}
