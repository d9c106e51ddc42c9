namespace HomelabOps.Core.GitOps.Commits;

/// <summary>Where commits are made: in the user's working copy, or for a remote in a clone that the module keeps for itself.</summary>
/// <param name="Folder">A folder of the working copy; null for a remote.</param>
/// <param name="Address">The remote's address, which may hold user and password; null for a working copy.</param>
/// <param name="Branch">The remote's branch; null for the one that it calls its own. A working copy has its own.</param>
internal sealed record RepositoryLocation(string? Folder, string? Address, string? Branch)
{
    /// <summary>The working copy that a folder lies in.</summary>
    public static RepositoryLocation OfFolder(string folder) => new(folder, null, null);

    /// <summary>A remote.</summary>
    public static RepositoryLocation OfRemote(string address, string? branch) => new(null, address, branch);

    /// <inheritdoc/>
    public override string ToString() => Folder ?? RemoteAddress.Mask(Address!);
}
