namespace HomelabOps.Core.Backups;

/// <summary>Finds the archives in a folder of this machine.</summary>
internal static class BackupFolder
{
    /// <summary>Gives the archives by application, the newest first.</summary>
    /// <param name="folder">Absolute path of the folder.</param>
    /// <param name="apps">Names of applications, with wildcards; empty for all.</param>
    /// <exception cref="HomelabException">BackupFolderUnreadable.</exception>
    public static IReadOnlyList<HomelabBackup> Read(string folder, IReadOnlyList<string> apps)
    {
        try
        {
            return
            [
                .. from file in new DirectoryInfo(folder).EnumerateFiles()
                   let name = BackupNames.Parse(file.Name)
                   where name is not null && (apps.Count == 0 || apps.Any(app => ResourcePattern.Matches(app, name.Value.App)))
                   orderby name.Value.App, name.Value.Time descending
                   select new HomelabBackup { App = name.Value.App, Path = file.FullName, Time = name.Value.Time, Bytes = file.Length },
            ];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Errors.BackupFolderUnreadable(folder, error);
        }
    }

    /// <summary>Reads an archive and says whether it is whole.</summary>
    public static async Task<HomelabBackup> VerifyAsync(HomelabBackup backup, CancellationToken cancellationToken)
    {
        try
        {
            var (_, isSealed) = await ArchiveCheck.ReadAsync(backup.Path, cancellationToken);
            return backup with { Verified = true, Message = isSealed ? "" : Errors.Text("Detail_BackupUnsealed") };
        }
        catch (HomelabException error)
        {
            return backup with { Verified = false, Message = error.Message };
        }
    }
}
