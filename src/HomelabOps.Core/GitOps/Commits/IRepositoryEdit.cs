using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.GitOps.Commits;

/// <summary>A change of a repository's files. It is worked out anew on every tip that it is tried on, so what somebody else pushed meanwhile is never lost.</summary>
internal interface IRepositoryEdit
{
    /// <summary>The message of the commit, without a line end: what it does, in the imperative.</summary>
    string Message { get; }

    /// <summary>What the user should know of what was worked out last.</summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>What has to run in the cluster with what was worked out last: workloads, and HelmReleases for those that they make. Without cluster.</summary>
    IReadOnlyList<ResourceReference> Runs => [];

    /// <summary>What has no manifest any more with what was worked out last: workloads and HelmReleases, without cluster.</summary>
    IReadOnlyList<ResourceReference> Gone => [];

    /// <summary>What changes in a repository with these files; empty where they have it already.</summary>
    /// <exception cref="HomelabException">It cannot be done there.</exception>
    IReadOnlyList<FileChange> Apply(IBuildFiles files);
}
