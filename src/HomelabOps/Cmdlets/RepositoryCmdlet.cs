using System.Management.Automation;
using HomelabOps.Core.GitOps;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.History;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Cmdlets;

/// <summary>Base of the cmdlets that work on the Git repository of a homelab, with its cluster where they need it.</summary>
public abstract class RepositoryCmdlet : ClusterCmdlet
{
    /// <summary>The working copy, or a folder in it; or the address of a remote.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Repository { get; set; }

    /// <summary>Folder of the manifests on this machine.</summary>
    private protected string FindFolder() => Repository is null && IsOfOtherCluster ? throw Core.Errors.RepositoryRequired() : RepositoryFolder.Find(Repository, FullPath(Repository), OwnConnection, WorkingFolder);

    /// <summary>Where commits are read and made. An address means a clone that the module keeps for itself.</summary>
    private protected RepositoryLocation FindRepository() =>
        Repository is not null && RemoteAddress.IsAddress(Repository) ? RepositoryLocation.OfRemote(Repository, null) : RepositoryLocation.OfFolder(FindFolder());

    /// <summary>The cluster that is meant: the one that was named, else the one that this session is connected to; null for none.</summary>
    private protected ClusterClient? ConnectedClient() => IsClusterTyped || IsOfOtherCluster ? FindClient() : Session.Default?.Client;

    /// <summary>Which files are meant by names of applications and by paths: of the repository, or of this machine where they lie in the working copy.</summary>
    private protected ManifestScope Scope(IReadOnlyList<string> apps, IReadOnlyList<string> paths, RepositoryLocation location) => new(apps, [.. paths.Select(path => InRepository(path, location))]);

    private string InRepository(string path, RepositoryLocation location)
    {
        var text = path.Replace('\\', '/');
        var isOfMachine = Path.IsPathRooted(path) || text is "." or ".." || text.StartsWith("./", StringComparison.Ordinal) || text.StartsWith("../", StringComparison.Ordinal);
        if (isOfMachine && location.Folder is { } folder)
        {
            text = Path.GetRelativePath(WorkingCopy.RootOf(folder) ?? folder, FullPath(path)!).Replace('\\', '/');
            return text.StartsWith("../", StringComparison.Ordinal) ? throw Core.Errors.PathOutsideRepository(path) : text == "." ? "*" : text;
        }

        return text.TrimEnd('/');
    }

    // A record that was piped in, and not the command line, leads to another cluster than the session's.
    private bool IsOfOtherCluster => !IsClusterTyped && Array.Find(Context ?? [], name => !string.IsNullOrEmpty(name)) is { } cluster && Session.Default?.Client.Name != cluster;

    // The repository of the session is that of its own cluster, not of another one.
    private HomelabConnection? OwnConnection => IsClusterTyped ? null : Session.Default?.Connection;
}
