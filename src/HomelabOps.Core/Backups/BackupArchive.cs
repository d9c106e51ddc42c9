using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Execution;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Storage;

namespace HomelabOps.Core.Backups;

/// <summary>
/// Writes the data of an application as it comes from its node, under a name of its own until it has been read once more and
/// found to be what the node has.
/// </summary>
internal static class BackupArchive
{
    /// <summary>Makes an archive.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="data">The application and where its data is.</param>
    /// <param name="options">Where the archive goes.</param>
    /// <param name="cancellationToken">Ends everything; nothing is left of the archive then.</param>
    /// <exception cref="HomelabException">NodeNotFound, NodeUnreachable, PodStorageNotFound, BackupNoRoom, BackupFailed, BackupUnwritable, AccessDenied, NamespaceNotFound.</exception>
    public static Task<MadeArchive> WriteAsync(ClusterClient client, AppData data, BackupOptions options, CancellationToken cancellationToken) =>
        NodeWork.RunAsync(client, data.Node, options.Probe, async (pod, stop) =>
        {
            try
            {
                return await CopyAsync(client, pod, data, options, stop);
            }
            catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
            {
                throw Errors.BackupFailed(data.App.Name, data.Text, pod.Reference, error.Message);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw Errors.BackupUnwritable(options.Folder, error);
            }
        }, cancellationToken);

    /// <summary>Refuses what does not fit on the disk of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="needed">Bytes.</param>
    /// <exception cref="HomelabException">BackupNoRoom.</exception>
    internal static void CheckRoom(string folder, long needed)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < needed)
        {
            throw Errors.BackupNoRoom(folder, free, needed);
        }
    }

    /// <summary>Refuses an archive that is not what the node had.</summary>
    /// <exception cref="HomelabException">BackupFailed.</exception>
    internal static void CheckSame(string app, string folders, ResourceReference node, FileDigest written, FileDigest onNode)
    {
        if (!written.IsSame(onNode))
        {
            throw Errors.BackupFailed(app, folders, node, Errors.Text("Detail_BackupDiffers", written.Files, onNode.Files));
        }
    }

    private static async Task<MadeArchive> CopyAsync(ClusterClient client, ProbePod pod, AppData data, BackupOptions options, CancellationToken cancellationToken)
    {
        var (onNode, bytes) = (new FileDigest(), 0L);
        await foreach (var file in FileListing.ReadAsync(client, pod, "/", [.. data.Places.Select(place => "./" + place.Member)], hash: true, cancellationToken))
        {
            onNode.Add(file.Path, file.Hash);
            bytes += file.Bytes;
        }

        if (onNode.Files == 0)
        {
            throw Errors.PodStorageNotFound(data.App.Name, data.Text, [data.Node]);
        }

        Directory.CreateDirectory(options.Folder);
        CheckRoom(options.Folder, bytes);
        var time = DateTime.Now;
        var path = Path.Combine(options.Folder, BackupNames.Make(data.App.Name, time));
        var (archive, seal) = (path + ".partial", path + BackupNames.Seal);
        var received = Create(archive);
        try
        {
            await using (var file = received)
            {
                await ReceiveAsync(client, pod, data, options.Hot, file, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            var content = await ArchiveReader.InspectAsync(archive, cancellationToken);
            if (!options.Hot)
            {
                CheckSame(data.App.Name, data.Text, pod.Reference, content.Digest, onNode);
            }

            await using (var file = Create(seal))
            {
                await ArchiveSeal.WriteAsync(file, path, content.Hash, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(archive, path);
            var (app, isExact) = (data.App, content.Digest.IsSame(onNode));
            return new(new() { Cluster = client.Name, Namespace = app.Namespace, App = app.Name, Path = path, Node = data.Node, Time = time, Bytes = new FileInfo(path).Length, Verified = true }, isExact, content.IsArriving);
        }
        finally
        {
            // What was made in full has another name by now.
            File.Delete(archive);
            if (!File.Exists(path))
            {
                File.Delete(seal);
            }
        }
    }

    private static async Task ReceiveAsync(ClusterClient client, ProbePod pod, AppData data, bool isHot, FileStream file, CancellationToken cancellationToken)
    {
        var (target, errors) = (pod.Target, new CommandOutput());
        IReadOnlyList<string> command = ["tar", "-czf", "-", "-C", ProbePodSpec.HostRoot, .. data.Places.Select(place => "./" + place.Member)];
        var code = await PodExec.RunAsync(client, new(target.Pod.Namespace, target.Pod.Name, target.Container, command) { Output = file.WriteAsync, Error = errors.AddAsync }, cancellationToken);

        // With 1 a tar says that files changed while it read them, which of a running application is told below.
        if (code != 0 && !(isHot && code == 1))
        {
            throw Errors.BackupFailed(data.App.Name, data.Text, pod.Reference, errors.Text);
        }
    }

    // What applications keep has passwords in it.
    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new(path, options);
    }
}
