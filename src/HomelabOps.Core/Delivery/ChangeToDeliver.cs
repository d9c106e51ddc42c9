using HomelabOps.Core.GitOps.Commits;

namespace HomelabOps.Core.Delivery;

/// <summary>A commit that was pushed, and what it has to come to.</summary>
/// <param name="Repository">The repository, which knows whether a later revision has the commit.</param>
/// <param name="Commit">Hash of the commit.</param>
/// <param name="Kustomizations">What is built from the changed files, as <c>namespace/name</c> or as a name.</param>
/// <param name="Runs">What must run in the end: workloads, and HelmReleases for those that they make.</param>
internal sealed record ChangeToDeliver(RepositoryCommitter Repository, string Commit, IReadOnlyList<string> Kustomizations, IReadOnlyList<ResourceReference> Runs);
