using HomelabOps.Core.Backups;
using HomelabOps.Core.Kubernetes.Execution;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Machine;

namespace HomelabOps.Core.Databases;

/// <summary>
/// Checks the databases in folders of a node. Files that were copied one by one while their application wrote may not belong together, and
/// only SQLite can tell: they are copied here, into a folder that only this user can read and that is removed at once.
/// </summary>
internal static class DatabaseChecker
{
    // What else is to be kept on this machine's disk.
    private const long Reserve = 64L << 20;

    /// <summary>Checks all databases below folders.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="node">Name of the node.</param>
    /// <param name="folders">Absolute paths on the node; one that is not there has no databases.</param>
    /// <param name="probe">How the pod that reads them is made, and how long all may take.</param>
    /// <param name="cancellationToken">Ends everything; the pod and the copies are removed all the same.</param>
    /// <exception cref="HomelabException">NodeNotFound, NodeUnreachable, AccessDenied, DatabaseUnreadable.</exception>
    public static Task<IReadOnlyList<DatabaseVerdict>> RunAsync(ClusterClient client, string node, IReadOnlyList<string> folders, ProbeOptions probe, CancellationToken cancellationToken) => NodeWork.RunAsync<IReadOnlyList<DatabaseVerdict>>(client, node, probe, async (pod, stop) =>
    {
        var (code, output, error) = await NodeWork.CommandAsync(client, pod, DatabaseScripts.Find(folders), null, stop);
        if (code != 0)
        {
            throw Errors.DatabaseUnreadable(string.Join(", ", folders), node, error.Trim());
        }

        var found = new List<DatabaseVerdict>();
        foreach (var database in DatabaseScripts.Parse(output))
        {
            found.Add(await CheckAsync(client, pod, node, database, stop));
        }

        return found;
    }, cancellationToken);

    private static async Task<DatabaseVerdict> CheckAsync(ClusterClient client, ProbePod pod, string node, DatabaseFile database, CancellationToken cancellationToken)
    {
        using var folder = new ScratchFolder();
        if (new DriveInfo(folder.Path).AvailableFreeSpace - Reserve is var free && free < database.Bytes)
        {
            return new(database.Path, DatabaseState.Unknown, Errors.Text("Detail_DatabaseNoRoom", Display.Bytes(database.Bytes), Display.Bytes(Math.Max(0, free))));
        }

        // The name on the node may be none that this machine allows.
        var copy = Path.Combine(folder.Path, "copy.db");
        foreach (var ending in database.Logs.Prepend(""))
        {
            await ReadAsync(client, pod, node, database.Path + ending, copy + ending, cancellationToken);
        }

        var (state, detail) = await DatabaseCheck.RunAsync(copy, cancellationToken);
        return new(database.Path, state, detail);
    }

    private static async Task ReadAsync(ClusterClient client, ProbePod pod, string node, string path, string copy, CancellationToken cancellationToken)
    {
        var (target, errors) = (pod.Target, new CommandOutput());
        await using var file = new FileStream(copy, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
        var code = await PodExec.RunAsync(client, new(target.Pod.Namespace, target.Pod.Name, target.Container, DatabaseScripts.Read(path)) { Output = file.WriteAsync, Error = errors.AddAsync }, cancellationToken);
        if (code != 0)
        {
            throw Errors.DatabaseUnreadable(path, node, errors.Text.Trim());
        }
    }
}
