using System.Formats.Tar;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Storage;

namespace HomelabOps.Core.Backups;

/// <summary>An archive of this machine, which was read and is whole.</summary>
internal sealed class ArchiveSource : IRestoreSource
{
    private readonly ClusterClient _client;
    private readonly AppData _data;
    private readonly Dictionary<BackupPlace, ArchiveFolder> _folders;

    private ArchiveSource(ClusterClient client, AppData data, string path, bool isSealed, Dictionary<BackupPlace, ArchiveFolder> folders) =>
        (_client, _data, Path, IsSealed, _folders) = (client, data, path, isSealed, folders);

    public BackupKind Kind => BackupKind.Archive;

    public string Path { get; }

    /// <summary>There is a checksum beside it, which it has.</summary>
    public bool IsSealed { get; }

    public DateTime? Time => BackupNames.Parse(System.IO.Path.GetFileName(Path))?.Time;

    public IReadOnlyList<BackupPlace> Places => [.. _folders.Keys];

    /// <summary>Reads an archive, and finds out which of its folders is which of an application.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="data">The application.</param>
    /// <param name="path">Absolute path of the archive.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="HomelabException">BackupDamaged, BackupUnreadable, BackupForeign.</exception>
    public static async Task<ArchiveSource> OpenAsync(ClusterClient client, AppData data, string path, CancellationToken cancellationToken)
    {
        if (BackupNames.Parse(System.IO.Path.GetFileName(path)) is { } name && name.App != data.App.Name)
        {
            throw Errors.BackupForeign(path, data.App, name.App);
        }

        var (content, isSealed) = await ArchiveCheck.ReadAsync(path, cancellationToken);
        return new(client, data, path, isSealed, Match(data, path, content.Folders));
    }

    public Task<long> RoomAsync(ProbePod pod, BackupPlace place, CancellationToken cancellationToken) => Task.FromResult(_folders[place].Room);

    public async Task<StagedFolder> StageAsync(ProbePod pod, BackupPlace place, string stage, CancellationToken cancellationToken)
    {
        var folder = _folders[place];
        await using (var archive = new FileStream(Path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan }))
        {
            var (code, _, error) = await NodeWork.CommandAsync(_client, pod, RestoreScripts.Extract(archive.Length, stage, folder.Member), archive, cancellationToken);
            Check(code, error);
        }

        var repaired = await RepairAsync(pod, folder, stage, cancellationToken);
        Check(repaired.Code, repaired.Error);
        var found = new FileDigest();
        await foreach (var file in FileListing.ReadAsync(_client, pod, stage, ["./" + folder.Path], hash: true, cancellationToken))
        {
            found.Add(file.Path, file.Hash);
        }

        return folder.Digest.IsSame(found)
            ? new(place, $"{stage}/{folder.Path}", folder.Files, folder.Bytes, Verified: true)
            : throw Errors.RestoreFailed(_data.App, place.Path, pod.Reference, Errors.Text("Detail_RestoreDiffers", found.Files, folder.Digest.Files));

        void Check(int code, string error)
        {
            if (code != 0)
            {
                throw Errors.RestoreFailed(_data.App, place.Path, pod.Reference, error);
            }
        }
    }

    // By its path, else it is the only one: the application may have moved meanwhile.
    private static Dictionary<BackupPlace, ArchiveFolder> Match(AppData data, string path, IReadOnlyList<ArchiveFolder> folders)
    {
        var found = new Dictionary<BackupPlace, ArchiveFolder>();
        foreach (var folder in folders)
        {
            var place = data.Places.FirstOrDefault(place => place.Member == folder.Path)
                ?? (folders.Count == 1 && data.Places is [var only] && (BackupNames.Parse(System.IO.Path.GetFileName(path)) is not null || only.Folder == folder.Path[(folder.Path.LastIndexOf('/') + 1)..]) ? only : null);
            found.Add(place ?? throw Errors.BackupForeign(path, data.App, string.Join(", ", folders.Select(other => other.Path)), data.Text), folder);
        }

        return found;
    }

    // The tar of small images forgets the times of folders and the owners of links. The archive says both, so they are set once more.
    private async Task<(int Code, string Output, string Error)> RepairAsync(ProbePod pod, ArchiveFolder folder, string stage, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pipe = new Pipe();
        var writing = WriteAsync(pipe.Writer, ending.Token);
        try
        {
            await using var script = pipe.Reader.AsStream();
            return await NodeWork.CommandAsync(_client, pod, ["sh"], script, cancellationToken);
        }
        finally
        {
            await ending.CancelAsync();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task WriteAsync(PipeWriter writer, CancellationToken stop)
        {
            await LineAsync($"cd {Quoted("/host" + stage)} || exit 1\n");
            await ArchiveReader.ReadAsync(Path, async entry =>
            {
                var path = ArchiveReader.Name(entry.Name);
                if (folder.Holds(path) && entry.EntryType == TarEntryType.SymbolicLink)
                {
                    await LineAsync(string.Create(CultureInfo.InvariantCulture, $"chown -h {entry.Uid}:{entry.Gid} {Quoted("./" + path)} || exit 1\n"));
                }
                else if (folder.Holds(path) && entry.EntryType is TarEntryType.Directory or TarEntryType.DirectoryList)
                {
                    await LineAsync(string.Create(CultureInfo.InvariantCulture, $"touch -c -d @{entry.ModificationTime.ToUnixTimeSeconds()} {Quoted("./" + path)} || exit 1\n"));
                }
            }, stop);
            await LineAsync("exit 0\n");
            await writer.CompleteAsync();

            async Task LineAsync(string line) => await writer.WriteAsync(Encoding.UTF8.GetBytes(line), stop);
        }
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
