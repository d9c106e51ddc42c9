using System.Runtime.CompilerServices;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Backups;

/// <summary>Backs applications up: stops one, copies its data and starts it again, whatever happens in between.</summary>
internal static class AppBackup
{
    /// <summary>Backs an application up.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="data">The application and where its data is. One that is stopped stays so.</param>
    /// <param name="options">Where to and how.</param>
    /// <param name="journal">Where stopping and starting are written down.</param>
    /// <param name="cancellationToken">Ends the copying; what was stopped is started, and not waited for.</param>
    /// <exception cref="HomelabException">Those of <see cref="BackupArchive.WriteAsync"/> and of stopping an application.</exception>
    public static IAsyncEnumerable<Streamed<HomelabBackup>> RunAsync(ClusterClient client, AppData data, BackupOptions options, ChangeJournal journal, CancellationToken cancellationToken)
    {
        if (options.Hot || !data.Runs)
        {
            return WriteAsync(client, data, options with { Hot = data.Runs }, cancellationToken);
        }

        var pause = new AppPause(client, data.App, options.App, journal, options.Tell);
        return pause.RunAsync(Errors.Text("Detail_BackupReason"), stop => WriteAsync(client, data, options, stop), cancellationToken);
    }

    /// <summary>Refuses a folder that can be none, before anything is stopped for it.</summary>
    /// <exception cref="HomelabException">BackupUnwritable.</exception>
    public static void Check(BackupOptions options)
    {
        if (File.Exists(options.Folder))
        {
            throw Errors.BackupIntoFile(options.Folder);
        }
    }

    private static async IAsyncEnumerable<Streamed<HomelabBackup>> WriteAsync(ClusterClient client, AppData data, BackupOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Of one that is being stopped by somebody else, the last pods may still write.
        if (!data.Runs && await PodEnds.WaitAsync(client, data.App, options.App.Timeout, cancellationToken) is { } late)
        {
            throw late;
        }

        var made = await BackupArchive.WriteAsync(client, data, options, cancellationToken);
        if (options.Hot)
        {
            yield return new WarningNotice(Errors.Text(made.IsExact ? "BackupHot" : "BackupHotChanged", data.App, made.Backup.Path));
        }

        // It is what the node had, yet not all that the other side has.
        if (made.IsArriving)
        {
            yield return new WarningNotice(Errors.Text("BackupArriving", data.App, made.Backup.Path));
        }

        yield return made.Backup;
    }
}
