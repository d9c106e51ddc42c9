namespace HomelabOps.Core.Backups;

/// <summary>The checksum of an archive in a file beside it, in the form of <c>sha256sum</c>.</summary>
internal static class ArchiveSeal
{
    private const int Digits = 64;

    /// <summary>Writes it.</summary>
    /// <param name="file">The file, which is open for writing.</param>
    /// <param name="archive">Path of the archive, in the same folder.</param>
    /// <param name="hash">SHA-256 in hexadecimal digits.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public static async Task WriteAsync(Stream file, string archive, string hash, CancellationToken cancellationToken) =>
        await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes($"{hash}  {Path.GetFileName(archive)}\n"), cancellationToken);

    /// <summary>The checksum that an archive had when it was made; null where nobody wrote it down.</summary>
    /// <param name="archive">Path of the archive.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidDataException">The file has something else in it.</exception>
    public static async Task<string?> FindAsync(string archive, CancellationToken cancellationToken)
    {
        var path = archive + BackupNames.Seal;
        if (!File.Exists(path))
        {
            return null;
        }

        var text = await File.ReadAllTextAsync(path, cancellationToken);
        return text.Length >= Digits && text[..Digits].All(char.IsAsciiHexDigit) ? text[..Digits].ToLowerInvariant() : throw new InvalidDataException(Errors.Text("Detail_BackupSeal", path));
    }
}
