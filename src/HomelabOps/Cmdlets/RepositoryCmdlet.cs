using System.Management.Automation;
using HomelabOps.Core.GitOps.Commits;

namespace HomelabOps.Cmdlets;

/// <summary>Base of the cmdlets that work on the Git repository of a homelab, with its cluster where they need it.</summary>
public abstract class RepositoryCmdlet : ClusterCmdlet
{
    /// <summary>The working copy, or a folder in it; or the address of a remote.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Repository { get; set; }

    /// <summary>Folder of the manifests on this machine.</summary>
    private protected string FindFolder() => RepositoryFolder.Find(Repository, FullPath(Repository), OwnConnection, WorkingFolder);

    /// <summary>Where commits are read and made. An address means a clone that the module keeps for itself.</summary>
    private protected RepositoryLocation FindRepository() =>
        Repository is not null && RemoteAddress.IsAddress(Repository) ? RepositoryLocation.OfRemote(Repository, null) : RepositoryLocation.OfFolder(FindFolder());

    // The repository of the session is that of its own cluster, not of another one.
    private HomelabConnection? OwnConnection => KubeConfig is null && !MyInvocation.BoundParameters.ContainsKey(nameof(Context)) ? Session.Default?.Connection : null;
}
