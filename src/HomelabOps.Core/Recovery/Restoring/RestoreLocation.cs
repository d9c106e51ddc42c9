using HomelabOps.Core.GitOps;
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

    /// <summary>Fails where a private key lies in the working copy.</summary>
    /// <param name="location">The repository.</param>
    /// <param name="file">The file with the key; null for none.</param>
    /// <param name="typed">How it was named.</param>
    /// <exception cref="HomelabException">RecoveryKeyInRepository.</exception>
    public static void CheckOutside(RepositoryLocation location, string? file, string? typed)
    {
        if (file is not null && location.Folder is { } folder && file.StartsWith((WorkingCopy.RootOf(folder) ?? folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw Errors.RecoveryKeyInRepository(typed ?? file);
        }
    }
}
