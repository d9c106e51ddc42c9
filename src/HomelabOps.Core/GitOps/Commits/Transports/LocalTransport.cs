using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Commits.Transports;

/// <summary>Stands for a remote that is not reached: its branch is where the clone saw it last, and what would be pushed is kept under a reference of the clone.</summary>
/// <param name="reference">The reference.</param>
internal sealed class LocalTransport(string reference) : IGitTransport
{
    /// <inheritdoc/>
    public Task FetchAsync(RemotePlace remote, string branch, string? tracking, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<string?> FindTipAsync(RemotePlace remote, string branch, CancellationToken cancellationToken)
    {
        using var repository = new Repository(remote.Folder);
        return Task.FromResult((repository.Refs[reference] ?? repository.Refs[$"refs/remotes/{remote.Name}/{branch}"])?.ResolveToDirectReference()?.TargetIdentifier);
    }

    /// <inheritdoc/>
    public Task<string?> FindBranchAsync(RemotePlace remote, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <inheritdoc/>
    public Task<bool> PushAsync(RemotePlace remote, string commit, string branch, CancellationToken cancellationToken)
    {
        using var repository = new Repository(remote.Folder);
        repository.Refs.Add(reference, new ObjectId(commit), allowOverwrite: true);
        return Task.FromResult(true);
    }
}
