using HomelabOps.Core.GitOps.Git;
using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Commits;

/// <summary>
/// The user's working copy. It is only ever moved forward to commits that the remote has, and only files that differ are touched,
/// so whatever else he has under way in it stays as it is.
/// </summary>
internal sealed class UserClone : CommitPlace
{
    private readonly WorkTree _tree;
    private readonly string _folder;
    private readonly string _head;

    private UserClone(WorkTree tree, RemotePlace remote, string branch, string tracking, string folder)
        : base(tree.Repository, remote, branch, tracking) => (_tree, _folder, _head) = (tree, folder, tree.Head.CanonicalName);

    /// <inheritdoc/>
    public override string Name => _folder;

    // As git sparse-checkout leaves it. The setting itself may lie where libgit2 does not look.
    private bool IsSparse => File.Exists(Path.Combine(_tree.GitFolder, "info", "sparse-checkout"));

    private Commit Head => _tree.Head.Tip;

    /// <summary>Opens the working copy that a folder lies in. What an earlier process did not end is ended.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="endEarlier">Ends it; otherwise it is left as it is.</param>
    /// <exception cref="HomelabException">RepositoryNotFound, RepositoryUnreadable, RepositoryBusy, RepositoryDetached, RepositoryUnborn, RepositoryUpstreamMissing, RepositoryLocked.</exception>
    public static UserClone Open(string folder, bool endEarlier)
    {
        WorkTree? tree = null;
        try
        {
            tree = OpenToRead(folder);
            if (tree.Info.IsBare)
            {
                throw Errors.RepositoryBare(folder);
            }

            if (endEarlier)
            {
                FastForward.EndEarlier(tree);
            }

            var clone = Open(tree, Path.TrimEndingDirectorySeparator(tree.Info.WorkingDirectory));
            tree = null;
            return clone;
        }
        catch (LibGit2SharpException error)
        {
            throw Errors.RepositoryUnreadable(folder, error);
        }
        finally
        {
            tree?.Dispose();
        }
    }

    /// <summary>Opens a repository, also a bare one, whatever state it is in.</summary>
    /// <exception cref="HomelabException">RepositoryNotFound, RepositoryUnreadable.</exception>
    public static WorkTree OpenToRead(string folder)
    {
        try
        {
            return WorkTree.Open(WorkingCopy.RootOf(folder) ?? Repository.Discover(folder) ?? throw Errors.RepositoryNotFound(folder));
        }
        catch (RepositoryNotFoundException)
        {
            throw Errors.RepositoryNotFound(folder);
        }
        catch (LibGit2SharpException error)
        {
            throw Errors.RepositoryUnreadable(folder, error);
        }
    }

    /// <inheritdoc/>
    public override void CheckTip(Commit tip)
    {
        if (Repository.ObjectDatabase.CalculateHistoryDivergence(Head, tip) is not { AheadBy: > 0 } divergence)
        {
            return;
        }

        throw divergence.BehindBy is 0
            ? Errors.RepositoryAhead(_folder, _tree.Head.FriendlyName, divergence.AheadBy.Value)
            : Errors.RepositoryDiverged(_folder, _tree.Head.FriendlyName, Display.Commit(Head.Sha), Display.Commit(tip.Sha));
    }

    /// <inheritdoc/>
    public override void CheckFiles(Tree tree)
    {
        var files = new FastForward(_tree, Head.Tree, tree).Obstacles();
        if (files.Count > 0)
        {
            throw IsSparse && files.Where(path => !Path.Exists(Path.Combine(_folder, path))).ToArray() is { Length: > 0 } absent
                ? Errors.RepositorySparse(_folder, absent)
                : Errors.RepositoryDirty(_folder, files);
        }
    }

    /// <inheritdoc/>
    public override void Follow(string commit, Action<CommitStep> reached)
    {
        // Opened anew: the user may have worked in it while the network was waited for.
        using var now = WorkTree.Open(_folder);
        if (now.Head.CanonicalName != _head || now.Head.Tip?.Sha != Head.Sha)
        {
            throw Errors.RepositoryDirty(_folder, [_head]);
        }

        var target = now.Repository.Lookup<Commit>(commit);
        var way = new FastForward(now, now.Head.Tip.Tree, target.Tree);
        if (way.Obstacles() is { Count: > 0 } files)
        {
            throw Errors.RepositoryDirty(_folder, files);
        }

        way.Go(_head, now.Head.Tip.Sha, commit, reached);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _tree.Dispose();
    }

    private static UserClone Open(WorkTree tree, string folder)
    {
        var (info, repository) = (tree.Info, tree.Repository);
        if (Operation(info.CurrentOperation) is { } operation)
        {
            throw Errors.RepositoryBusy(folder, operation);
        }

        var head = tree.Head;
        if (info.IsHeadDetached)
        {
            throw Errors.RepositoryDetached(folder, Display.Commit(head.Tip.Sha));
        }

        if (info.IsHeadUnborn)
        {
            throw Errors.RepositoryUnborn(folder, head.FriendlyName);
        }

        if (head.RemoteName is not { Length: > 1 } name || repository.Network.Remotes[name] is not { } remote || head.UpstreamBranchCanonicalName is not { Length: > 0 } upstream)
        {
            throw Errors.RepositoryUpstreamMissing(folder, head.FriendlyName);
        }

        var index = Path.Combine(tree.GitFolder, "index.lock");
        if (File.Exists(index))
        {
            throw Errors.RepositoryLocked(folder, index);
        }

        var branch = BranchName.Of(upstream) ?? upstream;
        var tracking = remote.FetchRefSpecs.FirstOrDefault(spec => spec.SourceMatches(upstream))?.Transform(upstream) ?? $"refs/remotes/{name}/{branch}";
        var place = new RemotePlace(folder, name, RemoteAddress.Of(remote.PushUrl ?? remote.Url), repository.Config.Get<string>("core.sshCommand")?.Value);
        return new(tree, place, branch, tracking, folder);
    }

    private static string? Operation(CurrentOperation operation) => operation switch
    {
        CurrentOperation.None => null,
        CurrentOperation.Merge => "merge",
        CurrentOperation.Revert or CurrentOperation.RevertSequence => "revert",
        CurrentOperation.CherryPick or CurrentOperation.CherryPickSequence => "cherry-pick",
        CurrentOperation.Bisect => "bisect",
        CurrentOperation.ApplyMailbox => "am",
        _ => "rebase",
    };
}
