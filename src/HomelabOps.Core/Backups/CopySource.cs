using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Storage;

namespace HomelabOps.Core.Backups;

/// <summary>A folder of the node, beside the data of the application. It is copied, so that it stays a backup.</summary>
internal sealed class CopySource(ClusterClient client, AppData data, string path, BackupPlace place, DateTime time) : IRestoreSource
{
    private const long Block = 4096;
    private readonly FileDigest _wanted = new();
    private long _bytes;

    public BackupKind Kind => BackupKind.Protect;

    public string Path => path;

    public DateTime? Time => time;

    public IReadOnlyList<BackupPlace> Places => [place];

    private string Folder => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Finds out whose a folder is.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="data">The application.</param>
    /// <param name="node">The node that has the folder; empty when nothing says.</param>
    /// <param name="path">The folder.</param>
    /// <exception cref="HomelabException">BackupForeign.</exception>
    public static CopySource Open(ClusterClient client, AppData data, string node, string path)
    {
        var name = AsideNames.Parse(path[(path.LastIndexOf('/') + 1)..]);
        var place = data.Places.FirstOrDefault(place => (node.Length == 0 || place.Node == node) && place.Folder == name?.Folder && path.StartsWith(place.Parent + "/.", StringComparison.Ordinal));
        return place is null ? throw Errors.BackupForeign(path, data.App, path, data.Text) : new(client, data, path, place, name!.Value.Time);
    }

    public async Task<long> RoomAsync(ProbePod pod, BackupPlace place, CancellationToken cancellationToken)
    {
        await foreach (var file in FileListing.ReadAsync(client, pod, place.Parent, ["./" + Folder], hash: true, cancellationToken))
        {
            _wanted.Add(file.Path, file.Hash);
            _bytes += file.Bytes;
        }

        return _wanted.Files == 0 ? throw Errors.RestoreFailed(data.App, place.Path, pod.Reference, Errors.Text("Detail_BackupEmpty")) : _bytes + (_wanted.Files * Block);
    }

    public async Task<StagedFolder> StageAsync(ProbePod pod, BackupPlace place, string stage, CancellationToken cancellationToken)
    {
        var (code, _, error) = await NodeWork.CommandAsync(client, pod, RestoreScripts.Copy(place.Parent, "./" + Folder, stage), null, cancellationToken);
        if (code != 0)
        {
            throw Errors.RestoreFailed(data.App, place.Path, pod.Reference, error);
        }

        var found = new FileDigest();
        await foreach (var file in FileListing.ReadAsync(client, pod, stage, ["./" + Folder], hash: true, cancellationToken))
        {
            found.Add(file.Path, file.Hash);
        }

        return found.IsSame(_wanted)
            ? new(place, $"{stage}/{Folder}", _wanted.Files, _bytes, Verified: true)
            : throw Errors.RestoreFailed(data.App, place.Path, pod.Reference, Errors.Text("Detail_RestoreDiffers", found.Files, _wanted.Files));
    }
}
