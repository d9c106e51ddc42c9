namespace HomelabOps.Core;

/// <summary>Errors of Git repositories and of their remotes. Addresses come here without what is secret in them.</summary>
internal static partial class Errors
{
    /// <summary>Git does not know who commits.</summary>
    public static HomelabException CommitAuthorMissing(string folder) => Make(nameof(CommitAuthorMissing), ErrorKind.InvalidOperation, folder, folder);

    /// <summary>The branch has no such commit.</summary>
    public static HomelabException CommitNotFound(string typed, string folder) => Make(nameof(CommitNotFound), ErrorKind.ObjectNotFound, typed, typed, folder);

    /// <summary>Commits are to be signed, and this one could not be.</summary>
    public static HomelabException CommitSigningFailed(string folder, string reason) => Make(nameof(CommitSigningFailed), ErrorKind.InvalidOperation, folder, folder, reason);

    /// <summary>The journal knows of no commit that could be taken back.</summary>
    public static HomelabException GitOpsChangeNotFound(string repository) => Make(nameof(GitOpsChangeNotFound), ErrorKind.ObjectNotFound, repository, repository);

    /// <summary>The remote does not take the credentials, or there are none.</summary>
    public static HomelabException GitAuthenticationFailed(string address, string reason) => Make(nameof(GitAuthenticationFailed), ErrorKind.AuthenticationError, address, address, reason);

    /// <summary>The remote has no branch of this name.</summary>
    public static HomelabException GitBranchNotFound(string branch, string address) => Make(nameof(GitBranchNotFound), ErrorKind.ObjectNotFound, branch, branch, address);

    /// <summary>Git failed in a way that was not foreseen; its own words.</summary>
    public static HomelabException GitFailed(string address, string reason) => Make(nameof(GitFailed), ErrorKind.NotSpecified, address, address, reason);

    /// <summary>Nothing proves that the remote is who it says.</summary>
    /// <param name="kind">Which proof failed.</param>
    /// <param name="address">The remote.</param>
    /// <param name="reason">The words of the one who checked.</param>
    public static HomelabException GitHostUntrusted(HostDistrust kind, string address, string reason) => MakeFrom(
        kind == HostDistrust.Certificate ? nameof(GitHostUntrusted) : $"{nameof(GitHostUntrusted)}_{kind}", nameof(GitHostUntrusted), ErrorKind.SecurityError, address, address, reason);

    /// <summary>The remote has no such repository, or hides it from this user.</summary>
    public static HomelabException GitRemoteNotFound(string address, string reason) => Make(nameof(GitRemoteNotFound), ErrorKind.ObjectNotFound, address, address, reason);

    /// <summary>The remote cannot be reached.</summary>
    public static HomelabException GitRemoteUnreachable(string address, string reason) => Make(nameof(GitRemoteUnreachable), ErrorKind.ConnectionError, address, address, reason);

    /// <summary>The connection broke while a commit was sent, so it may have arrived.</summary>
    public static HomelabException GitPushUnknown(string commit, string branch, HomelabException cause) => new(
        nameof(GitPushUnknown), ErrorKind.ConnectionError, Text(nameof(GitPushUnknown), commit, branch, cause.Message), cause.Target, terminates: true, cause);

    /// <summary>Nothing that is meant was deleted.</summary>
    /// <param name="what">What is meant.</param>
    /// <param name="repository">Where.</param>
    /// <param name="isShallow">As far as the history goes there.</param>
    public static HomelabException ManifestNotDeleted(string what, string repository, bool isShallow) => MakeFrom(
        isShallow ? $"{nameof(ManifestNotDeleted)}_Shallow" : nameof(ManifestNotDeleted), nameof(ManifestNotDeleted), ErrorKind.ObjectNotFound, what, what, repository);

    /// <summary>A file that must not be stored in Git as it is, and cannot be stored otherwise.</summary>
    public static HomelabException FileFilterUnusable(string path, string filter, string detail) => Make(nameof(FileFilterUnusable), ErrorKind.InvalidOperation, path, path, filter, detail);

    /// <summary>Without an application a Kustomization could not be built any more.</summary>
    public static HomelabException RemovalUnbuildable(string app, ResourceReference kustomization, HomelabException failure) => new(
        nameof(RemovalUnbuildable), ErrorKind.InvalidData, Text(nameof(RemovalUnbuildable), app, kustomization, failure.Message), app, innerException: failure);

    /// <summary>Flux would delete claims or volumes that were not to go.</summary>
    public static HomelabException RemovalLosesVolume(string app, IReadOnlyList<string> lost) => Make(nameof(RemovalLosesVolume), ErrorKind.InvalidOperation, app, app, string.Join(", ", lost));

    /// <summary>What was deleted cannot be built with the rest of the repository any more.</summary>
    public static HomelabException RestoreUnbuildable(string what, ResourceReference kustomization, HomelabException failure) => new(
        nameof(RestoreUnbuildable), ErrorKind.InvalidData, Text(nameof(RestoreUnbuildable), what, kustomization, failure.Message), what, innerException: failure) { Place = failure.Place };

    /// <summary>A file that is to be changed does not belong to the repository.</summary>
    public static HomelabException PathOutsideRepository(string path) => Make(nameof(PathOutsideRepository), ErrorKind.InvalidArgument, path, path);

    /// <summary>The way to a file that is to be changed leads through something else than folders.</summary>
    public static HomelabException PathOutsideRepository(string path, string through) => MakeFrom(
        nameof(PathOutsideRepository) + "_Link", nameof(PathOutsideRepository), ErrorKind.InvalidArgument, path, path, through);

    /// <summary>Others pushed each time.</summary>
    public static HomelabException PushRaceLost(string branch, string address, int attempts, string theirs, string ours) => Make(
        nameof(PushRaceLost), ErrorKind.ResourceBusy, branch, branch, address, attempts, theirs, ours);

    /// <summary>The remote, or a hook of this machine, does not take the commit.</summary>
    /// <param name="by">Who.</param>
    /// <param name="branch">The branch.</param>
    /// <param name="address">The remote.</param>
    /// <param name="reason">Their words.</param>
    public static HomelabException PushRefused(PushRefusal by, string branch, string address, string reason) => MakeFrom(
        by == PushRefusal.Remote ? nameof(PushRefused) : $"{nameof(PushRefused)}_{by}", nameof(PushRefused), ErrorKind.PermissionDenied, branch, branch, address, reason);

    /// <summary>The branch has commits that were not pushed.</summary>
    public static HomelabException RepositoryAhead(string folder, string branch, int count) => Make(nameof(RepositoryAhead), ErrorKind.InvalidOperation, folder, folder, branch, Counted.Of(count, "commit"));

    /// <summary>Somebody is in the middle of something.</summary>
    /// <param name="folder">The working copy.</param>
    /// <param name="operation">What, as git's subcommand.</param>
    public static HomelabException RepositoryBusy(string folder, string operation) => Make(nameof(RepositoryBusy), ErrorKind.InvalidOperation, folder, folder, operation);

    /// <summary>No branch is checked out.</summary>
    public static HomelabException RepositoryDetached(string folder, string commit) => Make(nameof(RepositoryDetached), ErrorKind.InvalidOperation, folder, folder, commit);

    /// <summary>Files that are to be changed have changes that were not committed.</summary>
    public static HomelabException RepositoryDirty(string folder, IReadOnlyCollection<string> files) => Make(
        nameof(RepositoryDirty), ErrorKind.InvalidOperation, folder, folder, string.Join(", ", files));

    /// <summary>Branch and remote have commits that the other lacks.</summary>
    public static HomelabException RepositoryDiverged(string folder, string branch, string ours, string theirs) => Make(
        nameof(RepositoryDiverged), ErrorKind.InvalidOperation, folder, folder, branch, ours, theirs);

    /// <summary>Another program holds Git's lock.</summary>
    public static HomelabException RepositoryLocked(string folder, string file) => Make(nameof(RepositoryLocked), ErrorKind.ResourceBusy, folder, folder, file);

    /// <summary>The folder lies in no repository.</summary>
    public static HomelabException RepositoryNotFound(string folder) => Make(nameof(RepositoryNotFound), ErrorKind.ObjectNotFound, folder, folder);

    /// <summary>The repository has no working copy.</summary>
    public static HomelabException RepositoryBare(string folder) => MakeFrom(nameof(RepositoryNotFound) + "_Bare", nameof(RepositoryNotFound), ErrorKind.ObjectNotFound, folder, folder);

    /// <summary>Files that are to be changed are not checked out.</summary>
    public static HomelabException RepositorySparse(string folder, IReadOnlyCollection<string> files) => MakeFrom(
        $"{nameof(RepositoryDirty)}_Sparse", nameof(RepositoryDirty), ErrorKind.InvalidOperation, folder, folder, string.Join(", ", files));

    /// <summary>The index has folders in the place of files, which libgit2 does not read.</summary>
    public static HomelabException RepositoryIndexSparse(string folder) => MakeFrom($"{nameof(RepositoryUnreadable)}_SparseIndex", nameof(RepositoryUnreadable), ErrorKind.InvalidData, folder, folder);

    /// <summary>Objects that a commit needs are missing.</summary>
    public static HomelabException RepositoryIncomplete(string folder, string reason) => MakeFrom($"{nameof(RepositoryUnreadable)}_Incomplete", nameof(RepositoryUnreadable), ErrorKind.InvalidData, folder, folder, reason);

    /// <summary>The clone does not have what came before a commit.</summary>
    public static HomelabException RepositoryShallow(string folder, string commit) => Make(nameof(RepositoryShallow), ErrorKind.InvalidOperation, commit, folder, commit);

    /// <summary>Nothing was committed yet.</summary>
    public static HomelabException RepositoryUnborn(string folder, string branch) => Make(nameof(RepositoryUnborn), ErrorKind.InvalidOperation, folder, folder, branch);

    /// <summary>Git's own files cannot be read.</summary>
    public static HomelabException RepositoryUnreadable(string folder, Exception reason) => MakeCaused(nameof(RepositoryUnreadable), ErrorKind.InvalidData, folder, reason, folder, reason.Message);

    /// <summary>The system does not let files be written.</summary>
    public static HomelabException RepositoryUnwritable(string folder, Exception reason) => MakeCaused(nameof(RepositoryUnwritable), ErrorKind.PermissionDenied, folder, reason, folder, reason.Message);

    /// <summary>The branch has no branch of a remote that it is pushed to.</summary>
    public static HomelabException RepositoryUpstreamMissing(string folder, string branch) => Make(nameof(RepositoryUpstreamMissing), ErrorKind.InvalidOperation, folder, folder, branch);

    /// <summary>Without a commit a Kustomization could not be built any more.</summary>
    public static HomelabException RevertUnbuildable(string commit, ResourceReference kustomization, HomelabException failure) => new(
        nameof(RevertUnbuildable), ErrorKind.InvalidData, Text(nameof(RevertUnbuildable), commit, kustomization, failure.Message), commit, terminates: true, failure) { Place = failure.Place };

    /// <summary>What a commit did was changed again since.</summary>
    public static HomelabException RevertConflict(string commit, IReadOnlyCollection<string> files) => Make(nameof(RevertConflict), ErrorKind.InvalidOperation, commit, commit, string.Join(", ", files));

    /// <summary>A commit that is to be taken back changes submodules.</summary>
    public static HomelabException RevertSubmodule(string commit, IReadOnlyCollection<string> paths) => MakeFrom(
        $"{nameof(RevertConflict)}_Submodule", nameof(RevertConflict), ErrorKind.InvalidOperation, commit, commit, string.Join(", ", paths));
}
