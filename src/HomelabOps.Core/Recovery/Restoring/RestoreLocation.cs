using HomelabOps.Core.GitOps.Commits;

namespace HomelabOps.Core.Recovery.Restoring;

/// <summary>Where the manifests of a recovery are read.</summary>
internal static class RestoreLocation
{
    /// <summary>Another branch of the same remote.</summary>
    /// <exception cref="HomelabException">Those of a working copy.</exception>
    public static RepositoryLocation OnBranch(RepositoryLocation location, string branch)
    {
        if (location.Folder is null)
        {
            return location with { Branch = branch };
        }

        using var clone = UserClone.Open(location.Folder, endEarlier: false);
        return RepositoryLocation.OfRemote(clone.Remote.Address.Full, branch);
    }
}
