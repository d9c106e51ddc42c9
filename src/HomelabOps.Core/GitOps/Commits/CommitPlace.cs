using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Commits;

/// <summary>An open repository that commits are made in.</summary>
internal abstract class CommitPlace : IDisposable
{
    private protected CommitPlace(Repository repository, RemotePlace remote, string branch, string tracking) =>
        (Repository, Remote, Branch, Tracking) = (repository, remote, branch, tracking);

    /// <summary>Its objects and references.</summary>
    public Repository Repository { get; }

    /// <summary>Where commits come from and go to.</summary>
    public RemotePlace Remote { get; }

    /// <summary>The branch of the remote, in short.</summary>
    public string Branch { get; }

    /// <summary>The reference that tells where that branch was when it was looked at last.</summary>
    public string Tracking { get; }

    /// <summary>What people call the place.</summary>
    public abstract string Name { get; }

    /// <summary>The remote's branch, as far as it is known here.</summary>
    /// <exception cref="NotFoundException">The reference leads to nothing.</exception>
    public Commit Tip => Repository.Lookup<Commit>(Tracking) ?? throw new NotFoundException($"'{Tracking}' leads to no commit.");

    /// <summary>Looks for what stands against commits on the tip.</summary>
    /// <exception cref="HomelabException">RepositoryAhead, RepositoryDiverged.</exception>
    public abstract void CheckTip(Commit tip);

    /// <summary>Looks for files that stand against bringing a tree here.</summary>
    /// <exception cref="HomelabException">RepositoryDirty.</exception>
    public abstract void CheckFiles(Tree tree);

    /// <summary>Brings a commit here that the remote has. May be ended anywhere and begun anew.</summary>
    /// <param name="commit">Its hash.</param>
    /// <param name="reached">Told what was reached.</param>
    public abstract void Follow(string commit, Action<CommitStep> reached);

    /// <inheritdoc/>
    public virtual void Dispose() => Repository.Dispose();
}
