namespace HomelabOps.Core.Backups;

/// <summary>What an archive has in it, after all of it was read.</summary>
/// <param name="Digest">Of all files, with their paths as the archive has them.</param>
/// <param name="Folders">The folders that it was made of, in the order in which they come.</param>
/// <param name="Hash">SHA-256 of the archive itself, in hexadecimal digits.</param>
/// <param name="IsArriving">A replication was about to write a file.</param>
internal sealed record ArchiveContent(FileDigest Digest, IReadOnlyList<ArchiveFolder> Folders, string Hash, bool IsArriving);
