namespace HomelabOps.Core.Backups;

/// <summary>A folder that lies ready on its node to take the place of another.</summary>
/// <param name="Place">The other.</param>
/// <param name="Source">Its path.</param>
/// <param name="Files">How many files it has.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Verified">Each has the checksum that the backup has.</param>
internal sealed record StagedFolder(BackupPlace Place, string Source, long Files, long Bytes, bool Verified);
