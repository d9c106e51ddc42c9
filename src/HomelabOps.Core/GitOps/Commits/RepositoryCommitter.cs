using System.Diagnostics;
using System.Security.Cryptography;
using HomelabOps.Core.GitOps.Commits.Transports;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Machine;
using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Commits;

/// <summary>
/// Brings edits to the remote. An edit is worked out on the tip of the remote's branch, its commit is written, pushed by its hash,
/// and only then does a working copy follow. Who loses a race works the edit out anew on what the other pushed.
/// </summary>
/// <param name="location">Where.</param>
/// <param name="journal">Takes each commit before it is pushed.</param>
internal sealed class RepositoryCommitter(RepositoryLocation location, ChangeJournal journal)
{
    /// <summary>How often a commit is tried: once, and three times after a lost race.</summary>
    public const int Attempts = 4;

    private const int ShortestPause = 50;

    private readonly GitProgram? _git = GitProgram.Find();

    /// <summary>The module's cache: private clones, and locks that keep processes from racing.</summary>
    public string Cache { get; init; } = UserFolders.Cache;

    /// <summary>The way to remotes; null for the user's git where there is one, else libgit2.</summary>
    public IGitTransport? Transport { get; init; }

    /// <summary>Whether a working copy is brought along with what was pushed.</summary>
    public bool Follows { get; init; } = true;

    /// <summary>Told what was reached.</summary>
    public Action<CommitStep> Reached { get; init; } = _ => { };

    private IGitTransport Way => Transport ?? (_git is null ? new LibraryTransport() : new ProgramTransport(_git));

    /// <summary>
    /// Tells what an edit would change, with all that would stand against it, and changes nothing: no file, no index, no reference.
    /// Objects that the remote has and the clone lacks are brought into its object database, where nothing leads to them.
    /// </summary>
    /// <param name="edit">The edit.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="look">Given the paths that change, and the files before and after, which are readable meanwhile.</param>
    /// <exception cref="HomelabException">As <see cref="CommitAsync"/>, but for what only a push can tell.</exception>
    public Task<GitOpsChange> PreviewAsync(IRepositoryEdit edit, CancellationToken cancellationToken, Action<IReadOnlyList<string>, IBuildFiles, IBuildFiles>? look = null) => GuardAsync(async () =>
    {
        var started = Stopwatch.GetTimestamp();
        using var held = location.Folder is null ? await TakeAsync(cancellationToken) : null;
        using var place = await OpenAsync(isChange: false, cancellationToken);
        place.Repository.ObjectDatabase.AddBackend(new MemoryObjects(), priority: 5);
        var tip = await LookAsync(place, cancellationToken);
        var tree = await ApplyAsync(place, tip, edit, cancellationToken);
        _ = CommitAuthor.Of(place.Repository);
        var change = Describe(place, edit, tip.Tree, tree);
        look?.Invoke(change.Files, new GitTreeFiles(place.Repository, tip.Tree), new GitTreeFiles(place.Repository, tree));
        return change with { Duration = Stopwatch.GetElapsedTime(started) };
    });

    /// <summary>Reads the newest commit of the branch and what it leads back to. Changes no more than <see cref="PreviewAsync"/>.</summary>
    /// <param name="read">Reads, given the repository, its newest commit and what the journal calls the repository.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<T> ReadAsync<T>(Func<Repository, Commit, string, T> read, CancellationToken cancellationToken) =>
        ReadPlaceAsync((place, tip) => read(place.Repository, tip, place.Name), cancellationToken);

    /// <summary>As <see cref="ReadAsync"/>, for whoever has to know which branch it is.</summary>
    /// <param name="read">Reads, given the place and its newest commit.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<T> ReadPlaceAsync<T>(Func<CommitPlace, Commit, T> read, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        using var held = location.Folder is null ? await TakeAsync(cancellationToken) : null;
        using var place = await OpenAsync(isChange: false, cancellationToken);
        return read(place, await LookAsync(place, cancellationToken));
    });

    /// <summary>Reads what is checked out and what it leads back to, without a network; of a remote its newest commit.</summary>
    /// <param name="read">As of <see cref="ReadAsync"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<T> ReadHeadAsync<T>(Func<Repository, Commit, string, T> read, CancellationToken cancellationToken) => location.Folder is not { } folder ? ReadAsync(read, cancellationToken) : GuardAsync(() =>
    {
        using var copy = UserClone.OpenToRead(folder);
        return Task.FromResult(read(copy.Repository, copy.Head.Tip ?? throw Errors.RepositoryUnborn(folder, copy.Head.FriendlyName), Path.TrimEndingDirectorySeparator(copy.Info.WorkingDirectory ?? copy.Info.Path)));
    });

    /// <summary>Commits an edit and pushes it. Where the files are right already nothing is done, and the change has no files.</summary>
    /// <exception cref="HomelabException">
    /// RepositoryNotFound, RepositoryUnreadable, RepositoryBusy, RepositoryDetached, RepositoryUnborn, RepositoryUpstreamMissing, RepositoryLocked, RepositoryUnwritable: the repository cannot be worked in.
    /// RepositoryAhead, RepositoryDiverged, RepositoryDirty, PathOutsideRepository, FileFilterUnusable, CommitAuthorMissing, CommitSigningFailed: the commit cannot be made.
    /// PushRefused, PushRaceLost, GitPushUnknown and what else <see cref="GitFailure"/> knows: it did not get to the remote. Others are the edit's own.
    /// </exception>
    public Task<Committed> CommitAsync(IRepositoryEdit edit, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var started = Stopwatch.GetTimestamp();
        using var held = await TakeAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            using var place = await OpenAsync(isChange: true, cancellationToken);
            var tip = await FetchAsync(place, cancellationToken);
            var tree = await ApplyAsync(place, tip, edit, cancellationToken);
            var change = Describe(place, edit, tip.Tree, tree);
            if (change.Files.Count == 0)
            {
                return new Committed(change with { Commit = tip.Sha, Revision = RevisionOf(place, tip.Sha), Duration = Stopwatch.GetElapsedTime(started) }, null);
            }

            var commit = await new CommitWriter(_git).WriteAsync(place.Repository, tip, tree, edit.Message, cancellationToken);
            Reached(CommitStep.Written);
            change = change with { Commit = commit, Pushed = true, Revision = RevisionOf(place, commit) };
            try
            {
                var warning = await journal.RunAsync(EntryOf(place, change), () => PushAsync(place, change, attempt, cancellationToken));
                return new Committed(change with { Duration = Stopwatch.GetElapsedTime(started) }, warning);
            }
            catch (HomelabException error) when (error.Id == nameof(Errors.PushRaceLost) && attempt < Attempts)
            {
                // Those who lost against the same one would otherwise meet again.
                await Task.Delay(RandomNumberGenerator.GetInt32(ShortestPause, ShortestPause << attempt), cancellationToken);
            }
        }
    });

    private static string RevisionOf(CommitPlace place, string commit) => $"{place.Branch}@sha1:{commit}";

    private static JournalEntry EntryOf(CommitPlace place, GitOpsChange change) => new()
    {
        Kind = "Commit",
        Namespace = change.Repository,
        Name = place.Branch,
        Change = $"{change.Subject} ({string.Join(", ", change.Files)})",
        Undo = JournalUndo.Revert(change.Commit),
    };

    private async Task<Tree> ApplyAsync(CommitPlace place, Commit tip, IRepositoryEdit edit, CancellationToken cancellationToken)
    {
        place.CheckTip(tip);
        var changes = edit.Apply(new GitTreeFiles(place.Repository, tip.Tree, place.Name));
        var tree = TreeEdit.Write(place.Repository, tip, changes, await new CommitFilters(_git, place).StoreAsync(tip, changes, cancellationToken));
        if (tree.Id != tip.Tree.Id)
        {
            place.CheckFiles(tree);
        }

        return tree;
    }

    private static GitOpsChange Describe(CommitPlace place, IRepositoryEdit edit, Tree from, Tree to)
    {
        using var patch = place.Repository.Diff.Compare<Patch>(from, to, new CompareOptions { Similarity = SimilarityOptions.None });
        return new GitOpsChange { Subject = edit.Message.Split('\n')[0], Branch = place.Branch, Repository = place.Name, Files = [.. patch.Select(file => file.Path)], Diff = patch.Content };
    }

    private static string Describe(Commit commit) => $"{Display.Commit(commit.Sha)} {commit.Author.Name}: {commit.MessageShort}";

    private async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await Task.Run(work);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Errors.RepositoryUnwritable(location.ToString(), error);
        }
        catch (Exception error) when ((error is AggregateException several ? several.Flatten().InnerException : error) is LibGit2SharpException)
        {
            // Manifests are read by several threads at once.
            throw error.GetBaseException() is NotFoundException missing
                ? Errors.RepositoryIncomplete(location.ToString(), GitFailure.Sentence(missing.Message))
                : error.GetBaseException().Message.Contains("'sdir'", StringComparison.Ordinal) ? Errors.RepositoryIndexSparse(location.ToString())
                : Errors.GitFailed(location.ToString(), GitFailure.Sentence(error.GetBaseException().Message));
        }
    }

    private async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        if (location.Folder is null)
        {
            return await RemoteLock.TakeAsync(Cache, RemoteAddress.Of(location.Address!), cancellationToken);
        }

        using var clone = UserClone.Open(location.Folder, endEarlier: false);
        return await RemoteLock.TakeAsync(Cache, clone.Remote.Address, cancellationToken);
    }

    private async Task<CommitPlace> OpenAsync(bool isChange, CancellationToken cancellationToken) => location.Folder is null
        ? await PrivateClone.OpenAsync(Cache, RemoteAddress.Of(location.Address!), location.Branch, Way, cancellationToken)
        : UserClone.Open(location.Folder, endEarlier: isChange);

    private async Task<Commit> FetchAsync(CommitPlace place, CancellationToken cancellationToken)
    {
        if (place is UserClone)
        {
            await Way.FetchAsync(place.Remote, place.Branch, place.Tracking, cancellationToken);
        }

        Reached(CommitStep.Fetched);
        return place.Tip;
    }

    // As a fetch, but the user's references stay where they are.
    private async Task<Commit> LookAsync(CommitPlace place, CancellationToken cancellationToken)
    {
        if (place is PrivateClone)
        {
            return place.Tip;
        }

        var tip = await Way.FindTipAsync(place.Remote, place.Branch, cancellationToken) ?? throw Errors.GitBranchNotFound(place.Branch, place.Remote.Address.Display);
        if (place.Repository.Lookup<Commit>(tip) is { } known)
        {
            return known;
        }

        await Way.FetchAsync(place.Remote, place.Branch, null, cancellationToken);
        return place.Repository.Lookup<Commit>(tip) ?? throw Errors.GitFailed(place.Remote.Address.Display, tip);
    }

    private async Task<string?> PushAsync(CommitPlace place, GitOpsChange change, int attempt, CancellationToken cancellationToken)
    {
        if (!await SendAsync(place, change.Commit, cancellationToken))
        {
            await Way.FetchAsync(place.Remote, place.Branch, place.Tracking, cancellationToken);
            throw Errors.PushRaceLost(place.Branch, place.Remote.Address.Display, attempt, Describe(place.Tip), $"{Display.Commit(change.Commit)} {change.Subject}");
        }

        Reached(CommitStep.Pushed);
        if (!Follows)
        {
            return null;
        }

        try
        {
            place.Follow(change.Commit, Reached);
            return null;
        }
        catch (Exception error) when (error is LibGit2SharpException or IOException or UnauthorizedAccessException or HomelabException)
        {
            // The change is made all the same; the working copy is only behind.
            return Errors.Text("WorkingCopyBehind", place.Name, error.Message);
        }
    }

    private async Task<bool> SendAsync(CommitPlace place, string commit, CancellationToken cancellationToken)
    {
        try
        {
            return await Way.PushAsync(place.Remote, commit, place.Branch, cancellationToken);
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.ConnectionError)
        {
            // It may have broken after the remote took the commit.
            string? tip;
            try
            {
                tip = await Way.FindTipAsync(place.Remote, place.Branch, cancellationToken);
            }
            catch (HomelabException)
            {
                throw Errors.GitPushUnknown(Display.Commit(commit), place.Branch, error);
            }

            if (tip == commit)
            {
                return true;
            }

            throw;
        }
    }
}
