using HomelabOps.Core.GitOps.Git;
using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Commits.Transports;

/// <summary>
/// The way to remotes where no git is installed. It knows no credential helpers, no hooks and no signatures. A push that waits in
/// ssh cannot be ended; cancelling leaves it to itself, so each call opens the repository for itself.
/// </summary>
internal sealed class LibraryTransport : IGitTransport
{
    /// <inheritdoc/>
    public Task FetchAsync(RemotePlace remote, string branch, string? tracking, CancellationToken cancellationToken) => RunAsync(remote, branch, repository =>
    {
        var target = tracking ?? $"refs/homelabops/{Guid.NewGuid():N}";
        Commands.Fetch(repository, remote.Name, [$"+refs/heads/{branch}:{target}"], new FetchOptions { TagFetchMode = TagFetchMode.None, CredentialsProvider = Credentials(remote) }, null);
        var isThere = repository.Refs[target] is not null;
        if (tracking is null)
        {
            repository.Refs.Remove(target);
        }

        // Unlike git, it takes a branch that is not there for nothing to do.
        return isThere ? true : throw Errors.GitBranchNotFound(branch, remote.Address.Display);
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<string?> FindTipAsync(RemotePlace remote, string branch, CancellationToken cancellationToken) =>
        RunAsync(remote, branch, repository => References(repository, remote).FirstOrDefault(one => one.CanonicalName == $"refs/heads/{branch}")?.TargetIdentifier, cancellationToken);

    /// <inheritdoc/>
    public Task<string?> FindBranchAsync(RemotePlace remote, CancellationToken cancellationToken) => RunAsync(
        remote, null, repository => BranchName.Of(References(repository, remote).OfType<SymbolicReference>().FirstOrDefault(one => one.CanonicalName == "HEAD")?.TargetIdentifier), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> PushAsync(RemotePlace remote, string commit, string branch, CancellationToken cancellationToken) => RunAsync(remote, null, repository =>
    {
        string? refusal = null;
        var options = new PushOptions { CredentialsProvider = Credentials(remote), OnPushStatusError = error => refusal = error.Message };
        try
        {
            repository.Network.Push(repository.Network.Remotes[remote.Name], $"{commit}:refs/heads/{branch}", options);
        }
        catch (LibGit2SharpException error) when (error is NonFastForwardException || GitFailure.IsRace(error.Message))
        {
            return false;
        }

        return refusal is null || (GitFailure.IsRace(refusal) ? false : throw GitFailure.OfPush(refusal, "", branch, remote));
    }, cancellationToken);

    private static IEnumerable<Reference> References(Repository repository, RemotePlace remote) =>
        Credentials(remote) is { } credentials ? repository.Network.ListReferences(repository.Network.Remotes[remote.Name], credentials) : repository.Network.ListReferences(repository.Network.Remotes[remote.Name]);

    private static Task<T> RunAsync<T>(RemotePlace remote, string? branch, Func<Repository, T> work, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            try
            {
                using var copy = WorkTree.Open(remote.Folder);
                return work(copy.Repository);
            }
            catch (LibGit2SharpException error)
            {
                throw GitFailure.Of(error.Message, remote, branch);
            }
        },
        cancellationToken).WaitAsync(cancellationToken);

    // A wrong password is asked for again until libgit2 has enough, and then it says so.
    private static LibGit2Sharp.Handlers.CredentialsHandler? Credentials(RemotePlace remote) => remote.Address is { Password: { } password } address
        ? (_, _, _) => new UsernamePasswordCredentials { Username = address.User, Password = password }
        : null;
}
