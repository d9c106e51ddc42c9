using HomelabOps.Core.Topology;

namespace HomelabOps.Cmdlets;

// Where the user is, and what he means by a path.
public abstract partial class HomelabCmdlet
{
    /// <summary>Where PowerShell is in the file system; the process itself may be somewhere else.</summary>
    private protected string WorkingFolder => HasFileSystem ? SessionState.Path.CurrentFileSystemLocation.ProviderPath : Environment.CurrentDirectory;

    /// <summary>What homelab.yaml says: the file that is named, that the session was connected with, or that is found.</summary>
    private protected HomelabConfig LoadConfig(string? path = null)
    {
        var connection = Session.Default?.Connection;
        return HomelabConfigFile.Load(FullPath(path) ?? connection?.ConfigPath, connection?.Repository, HomelabConfigEnvironment.Current with { WorkingFolder = WorkingFolder });
    }

    // Some runspaces have none: a constrained endpoint, or one that was opened while a mount went away.
    private bool HasFileSystem => SessionState.Provider.GetAll().Any(provider => provider.Name == "FileSystem");

    /// <summary>What was typed as a path, as an absolute one; null for null.</summary>
    private protected string? FullPath(string? path) => path is null ? null : HasFileSystem ? GetUnresolvedProviderPathFromPSPath(path) : Path.GetFullPath(path);
}
