using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Backups;

/// <summary>Opens backups, and refuses those that cannot be restored, before anything is changed.</summary>
internal static class RestoreSources
{
    /// <summary>Opens a backup. An archive is read from beginning to end.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="data">The application.</param>
    /// <param name="backup">The backup.</param>
    /// <param name="options">Which snapshot of a repository.</param>
    /// <param name="journal">Where changes will be written down.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="HomelabException">BackupWithoutSnapshots, BackupDamaged, BackupUnreadable, BackupForeign, ReplicationGone, VolSyncNotInstalled.</exception>
    public static async Task<IRestoreSource> OpenAsync(ClusterClient client, AppData data, HomelabBackup backup, RestoreOptions options, ChangeJournal journal, CancellationToken cancellationToken)
    {
        if (backup.Kind != BackupKind.Restic && (options.AsOf is not null || options.Previous > 0))
        {
            throw Errors.BackupWithoutSnapshots(backup.Path);
        }

        // What lies in a cluster has a name that another one may have as well. An archive may come from anywhere.
        var parts = backup.Path.Split('/');
        var isElsewhere = backup.Kind != BackupKind.Archive && backup.Cluster.Length > 0 && backup.Cluster != client.Name;
        var isOfOtherNamespace = backup.Kind == BackupKind.Restic && parts.Length > 2 && parts[^2] != data.App.Namespace;
        return isElsewhere || isOfOtherNamespace ? throw Errors.BackupForeign(backup.Path, data.App, isElsewhere ? $"{backup.Cluster}: {backup.App}" : $"{parts[^2]}/{parts[^1]}") : backup.Kind switch
        {
            BackupKind.Protect => CopySource.Open(client, data, backup.Node, backup.Path),
            BackupKind.Restic => await ResticSource.OpenAsync(client, data, parts[^1], options, journal, cancellationToken),
            _ => await ArchiveSource.OpenAsync(client, data, backup.Path, cancellationToken),
        };
    }
}
