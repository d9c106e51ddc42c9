namespace HomelabOps.Core.Backups;

/// <summary>An archive that was made.</summary>
/// <param name="Backup">The archive.</param>
/// <param name="IsExact">It is what the node had before; only of an application that runs it need not be.</param>
/// <param name="IsArriving">A replication was about to write a file.</param>
internal sealed record MadeArchive(HomelabBackup Backup, bool IsExact, bool IsArriving);
