using HomelabOps.Core.GitOps.Commits.Transports;
using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Commits;

/// <summary>
/// A bare clone that the module keeps in its cache, one a remote. Whoever opens it holds the remote's lock, so what looks locked was
/// left by a process that was killed. What cannot be read is fetched anew.
/// </summary>
internal sealed class PrivateClone : CommitPlace
{
    private const string RemoteName = "origin";

    private PrivateClone(Repository repository, RemotePlace remote, string branch)
        : base(repository, remote, branch, TrackingOf(branch)) { }

    /// <inheritdoc/>
    public override string Name => Remote.Address.Display;

    /// <summary>Opens the clone, makes it where there is none, and brings the branch.</summary>
    /// <param name="cache">The module's cache folder.</param>
    /// <param name="address">The remote.</param>
    /// <param name="branch">The branch; null for the remote's own.</param>
    /// <param name="transport">The way to the remote.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<PrivateClone> OpenAsync(string cache, RemoteAddress address, string? branch, IGitTransport transport, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(cache, "repositories", RemoteLock.KeyOf(address) + ".git");
        try
        {
            for (var isFirst = true; ; isFirst = false)
            {
                try
                {
                    return await TryOpenAsync(folder, address, branch, transport, cancellationToken);
                }
                catch (Exception error) when (isFirst && error is LibGit2SharpException or HomelabException { Id: nameof(Errors.GitFailed) })
                {
                    // Half of it was lost, with the power or by hand.
                    Delete(folder);
                }
            }
        }
        catch (LibGit2SharpException error)
        {
            throw Errors.RepositoryUnreadable(folder, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Errors.RepositoryUnwritable(folder, error);
        }
    }

    /// <inheritdoc/>
    public override void CheckTip(Commit tip) { }

    /// <inheritdoc/>
    public override void CheckFiles(Tree tree) { }

    /// <inheritdoc/>
    public override void Follow(string commit, Action<CommitStep> reached) { }

    private static string TrackingOf(string branch) => $"refs/remotes/{RemoteName}/{branch}";

    private static async Task<PrivateClone> TryOpenAsync(string folder, RemoteAddress address, string? branch, IGitTransport transport, CancellationToken cancellationToken)
    {
        if (Directory.Exists(folder))
        {
            DeleteLocks(folder);
        }
        else
        {
            Make(folder, address);
        }

        Repository? repository = new(folder);
        try
        {
            var remote = new RemotePlace(folder, RemoteName, address, repository.Config.Get<string>("core.sshCommand")?.Value);
            branch ??= await transport.FindBranchAsync(remote, cancellationToken) ?? throw Errors.GitBranchNotFound("HEAD", address.Display);
            await transport.FetchAsync(remote, branch, TrackingOf(branch), cancellationToken);
            var clone = new PrivateClone(repository, remote, branch);

            // Reads what a commit needs, to find out now whether it is there.
            _ = clone.Tip.Tree.Count;
            repository = null;
            return clone;
        }
        finally
        {
            repository?.Dispose();
        }
    }

    // Complete or not there at all. The secret of the address is not written down.
    private static void Make(string folder, RemoteAddress address)
    {
        var draft = $"{folder}.{Guid.NewGuid():N}";
        try
        {
            Repository.Init(draft, isBare: true);
            using (var repository = new Repository(draft))
            {
                repository.Network.Remotes.Add(RemoteName, address.Plain);
            }

            Directory.Move(draft, folder);
        }
        catch
        {
            Delete(draft);
            throw;
        }
    }

    private static void DeleteLocks(string folder)
    {
        foreach (var stale in Directory.EnumerateFiles(folder, "*.lock", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(folder, "tmp_*", SearchOption.AllDirectories)).ToList())
        {
            File.Delete(stale);
        }
    }

    private static void Delete(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            // Objects are read-only, which on Windows keeps them from being deleted.
            File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(folder, recursive: true);
    }
}
