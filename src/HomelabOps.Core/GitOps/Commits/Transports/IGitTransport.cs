namespace HomelabOps.Core.GitOps.Commits.Transports;

/// <summary>Brings commits from a remote and to it. Cancelling ends it at once; whether a push arrived is then not known.</summary>
internal interface IGitTransport
{
    /// <summary>Brings a branch with its history, and writes down where it is.</summary>
    /// <param name="remote">The remote.</param>
    /// <param name="branch">The branch there, in short.</param>
    /// <param name="tracking">The reference that gets its tip; null to bring the objects alone.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HomelabException">GitBranchNotFound and what else <see cref="GitFailure"/> knows.</exception>
    Task FetchAsync(RemotePlace remote, string branch, string? tracking, CancellationToken cancellationToken);

    /// <summary>The commit that a branch of the remote is at; null where it has none of this name.</summary>
    Task<string?> FindTipAsync(RemotePlace remote, string branch, CancellationToken cancellationToken);

    /// <summary>The branch that the remote itself calls its own; null where it tells none.</summary>
    Task<string?> FindBranchAsync(RemotePlace remote, CancellationToken cancellationToken);

    /// <summary>Moves a branch of the remote on to a commit.</summary>
    /// <returns>False when somebody else moved it meanwhile.</returns>
    /// <exception cref="HomelabException">PushRefused and what else <see cref="GitFailure"/> knows.</exception>
    Task<bool> PushAsync(RemotePlace remote, string commit, string branch, CancellationToken cancellationToken);
}
