namespace HomelabOps.Core.Backups;

/// <summary>Says whether archives are whole.</summary>
internal static class ArchiveCheck
{
    /// <summary>Reads an archive and holds it against the checksum beside it.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>What it has in it, and whether there was a checksum.</returns>
    /// <exception cref="HomelabException">BackupDamaged, BackupUnreadable.</exception>
    public static async Task<(ArchiveContent Content, bool IsSealed)> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var seal = await ArchiveSeal.FindAsync(path, cancellationToken);
            var content = await ArchiveReader.InspectAsync(path, cancellationToken);
            return seal is not null && seal != content.Hash ? throw Errors.BackupDamaged(path, Errors.Text("Detail_BackupHash"))
                : content.Digest.Files == 0 ? throw Errors.BackupDamaged(path, Errors.Text("Detail_BackupEmpty"))
                : (content, seal is not null);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw Errors.BackupDamaged(path, error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Directory.Exists(path) ? Errors.BackupIsFolder(path, error) : Errors.BackupUnreadable(path, error);
        }
    }
}
