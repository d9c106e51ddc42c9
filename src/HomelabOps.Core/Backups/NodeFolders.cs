using System.Globalization;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Probing;

namespace HomelabOps.Core.Backups;

/// <summary>
/// The folders of one restore on their node: the new data is made ready beside the old one while the application runs, and takes its
/// place in a moment. What is done in such a moment is never broken off in the middle.
/// </summary>
internal sealed class NodeFolders(ClusterClient client, AppData data, RestoreOptions options, ChangeJournal journal)
{
    // For renaming, and for removing what is in the way; whether or not anybody waits any more.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private static readonly Lock Gate = new();
    private static DateTime _last;

    private readonly DateTime _time = NextTime();
    private readonly List<BackupPlace> _staged = [];

    // Also those of which nobody knows how far it came, because the connection ended meanwhile. The node does.
    private readonly List<StagedFolder> _swapped = [];
    private readonly HashSet<BackupPlace> _moved = [];

    /// <summary>The new data is in its place, all of it.</summary>
    public bool IsSwapped { get; private set; }

    /// <summary>Path of the old data of a folder; empty when there was none.</summary>
    public string AsideOf(BackupPlace place) => _moved.Contains(place) ? Aside(place) : "";

    /// <summary>Makes the new data ready.</summary>
    /// <exception cref="HomelabException">RestoreFailed, RestoreNoRoom, NodeUnreachable and their like.</exception>
    public Task<IReadOnlyList<StagedFolder>> StageAsync(IRestoreSource source, CancellationToken cancellationToken) => NodeWork.RunAsync<IReadOnlyList<StagedFolder>>(client, data.Node, options.Probe, async (pod, stop) =>
    {
        var ready = new List<StagedFolder>();
        foreach (var place in source.Places)
        {
            _staged.Add(place);
            var needed = await source.RoomAsync(pod, place, stop);
            var (code, output, error) = await NodeWork.CommandAsync(client, pod, RestoreScripts.Stage(place.Parent, StageOf(place), AsideNames.StagePrefix(place.Folder)), null, stop);
            CheckRoom(pod.Reference, place.Parent, code == 0 ? Free(output) : throw Errors.RestoreFailed(data.App, place.Path, pod.Reference, code == RestoreScripts.NoFolder ? Errors.Text("Detail_NoFolder") : error), needed);
            ready.Add(await source.StageAsync(pod, place, $"{place.Parent}/{StageOf(place)}", stop));
        }

        return ready;
    }, cancellationToken);

    /// <summary>Moves the old data aside and the new into its place. What fails is to be put back.</summary>
    /// <exception cref="HomelabException">RestoreFailed, NodeUnreachable and their like.</exception>
    public Task SwapAsync(IReadOnlyList<StagedFolder> folders, CancellationToken cancellationToken) => NodeWork.RunAsync<object>(client, data.Node, options.Probe, async (pod, _) =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var limit = new CancellationTokenSource(Patience);
        foreach (var folder in folders)
        {
            var place = folder.Place;
            var entry = new JournalEntry { Cluster = client.Name, Kind = "Node", Name = place.Node, Change = $"{folder.Source} -> {place.Path}", Undo = new JournalUndo { Form = "Move", Value = $"{Aside(place)} -> {place.Path}" } };
            _swapped.Add(folder);
            var (code, output, error) = await journal.RunAsync(entry, () => NodeWork.CommandAsync(client, pod, RestoreScripts.Swap(place, folder.Source, AsideNames.Aside(place.Folder, _time)), null, limit.Token));
            if (code != 0)
            {
                throw Errors.RestoreFailed(data.App, place.Path, pod.Reference, error);
            }

            if (output == RestoreScripts.Moved)
            {
                _moved.Add(place);
            }
        }

        IsSwapped = true;
        await TidyAsync(pod, limit.Token);
        return this;
    }, cancellationToken);

    /// <summary>Puts the old data back where it was moved aside, and removes the new. It is tried for a while, as the connection may have been what failed.</summary>
    /// <returns>Why that could not be done, and where the old data is; null when it was.</returns>
    public async Task<HomelabException?> PutBackAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (_swapped.Count > 0)
        {
            try
            {
                await NodeWork.RunAsync<object>(client, data.Node, options.Probe, async (pod, _) =>
                {
                    await SwapBackAsync(pod, limit.Token);
                    await TidyAsync(pod, limit.Token);
                    return this;
                }, limit.Token);
            }
            catch (Exception error) when (error is HomelabException or OperationCanceledException)
            {
                if (limit.IsCancellationRequested || error is HomelabException { Id: nameof(Errors.RestoreFailed) })
                {
                    var place = _swapped[^1].Place;
                    return Errors.RestoreFailed(data.App, place.Path, new(client.Name, "Node", "", data.Node), Errors.Text("Detail_RestoreAside", Aside(place), error.Message));
                }

                await Task.Delay(Pause, CancellationToken.None);
            }
        }

        return null;
    }

    /// <summary>Removes what was made ready and is not in its place.</summary>
    /// <returns>Why that could not be done, and where it is; null when it was.</returns>
    public async Task<string?> CleanAsync()
    {
        if (_staged.Count == 0)
        {
            return null;
        }

        try
        {
            using var limit = new CancellationTokenSource(Patience);
            var error = await NodeWork.RunAsync(client, data.Node, options.Probe, (pod, _) => TryRemoveAsync(pod, limit.Token), limit.Token);
            return error.Length == 0 ? null : Left(error);
        }
        catch (Exception error) when (error is HomelabException or OperationCanceledException)
        {
            return Left(error.Message);
        }

        string Left(string error) => Errors.Text("RestoreStageLeft", string.Join(", ", _staged.Select(place => $"{place.Parent}/{StageOf(place)}")), data.Node, error);
    }

    /// <summary>Refuses what does not fit on the disk of a node.</summary>
    /// <exception cref="HomelabException">RestoreNoRoom.</exception>
    internal static void CheckRoom(ResourceReference node, string folder, long free, long needed)
    {
        if (free < needed)
        {
            throw Errors.RestoreNoRoom(node, folder, free, needed);
        }
    }

    private async Task SwapBackAsync(ProbePod pod, CancellationToken cancellationToken)
    {
        foreach (var folder in _swapped.AsEnumerable().Reverse().ToArray())
        {
            // The new data goes back into the folder that is removed afterwards.
            var place = folder.Place;
            var (code, _, error) = await NodeWork.CommandAsync(client, pod, RestoreScripts.SwapBack(place, folder.Source, AsideNames.Aside(place.Folder, _time)), null, cancellationToken);
            if (code != 0)
            {
                throw Errors.RestoreFailed(data.App, place.Path, pod.Reference, error);
            }

            _swapped.Remove(folder);
            _moved.Remove(place);
            _staged.Add(place);
        }

        IsSwapped = false;
    }

    // What is left of the preparations is in nobody's way. It is tried once more at the end, and told if it cannot be removed.
    private async Task TidyAsync(ProbePod pod, CancellationToken cancellationToken)
    {
        try
        {
            await TryRemoveAsync(pod, cancellationToken);
        }
        catch (Exception error) when (error is HomelabException or OperationCanceledException)
        {
            // As above.
        }
    }

    private async Task<string> TryRemoveAsync(ProbePod pod, CancellationToken cancellationToken)
    {
        var failure = "";
        foreach (var place in _staged.Distinct().ToArray())
        {
            var (code, _, error) = await NodeWork.CommandAsync(client, pod, RestoreScripts.Remove(place.Parent, StageOf(place)), null, cancellationToken);
            if (code != 0)
            {
                failure = error;
                continue;
            }

            _staged.RemoveAll(other => other == place);
        }

        return failure;
    }

    // Names tell seconds, and no two restores of this process may have the same.
    private static DateTime NextTime()
    {
        lock (Gate)
        {
            var now = DateTime.Now;
            return _last = now - _last > TimeSpan.FromSeconds(1) ? now : _last.AddSeconds(1);
        }
    }

    private string Aside(BackupPlace place) => $"{place.Parent}/{AsideNames.Aside(place.Folder, _time)}";

    private string StageOf(BackupPlace place) => AsideNames.Stage(place.Folder, _time);

    private static long Free(string output) => output.Split(' ') is [var blocks, var size]
        && long.TryParse(blocks, CultureInfo.InvariantCulture, out var count) && long.TryParse(size, CultureInfo.InvariantCulture, out var bytes) ? count * bytes : 0;
}
