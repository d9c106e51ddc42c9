using System.Diagnostics;
using System.Runtime.CompilerServices;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Backups;

/// <summary>
/// Puts the data of an application back. While the application runs the data is brought to the node and checked there; then it is
/// stopped, both change places, and it is started again. Whatever happens, either the old or the new data is in place.
/// </summary>
internal sealed class AppRestore(ClusterClient client, AppData data, IRestoreSource source, RestoreOptions options, ChangeJournal journal)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly NodeFolders _folders = new(client, data, options, journal);
    private readonly ReplicationHold _hold = new(client, data, options.App, journal);

    // The old data could not be put back.
    private HomelabException? _failure;

    /// <summary>Restores; gives a record for each folder when the application runs again. One that is stopped stays so.</summary>
    /// <param name="cancellationToken">Ends what is under way, but never in the middle of a change.</param>
    /// <exception cref="HomelabException">RestoreFailed, RestoreNoRoom, BackupDamaged, NodeUnreachable and those of stopping an application: nothing has changed.</exception>
    public async IAsyncEnumerable<Streamed<HomelabRestore>> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isTold = false;
        try
        {
            var activity = Errors.Text("RestoreStaging", data.App, data.Node);
            yield return new ProgressNotice(activity, source.Path, IsDone: false);
            var staged = await StageAsync(cancellationToken);
            yield return new ProgressNotice(activity, activity, IsDone: true);
            var pause = new AppPause(client, data.App, options.App, journal, options.Tell);
            var records = new List<HomelabRestore>();
            await foreach (var item in data.Runs ? pause.RunAsync(Errors.Text("Detail_RestoreReason"), stop => ReplaceAsync(staged, stop), cancellationToken) : ReplaceAsync(staged, cancellationToken))
            {
                if (item.Notice is { } notice)
                {
                    yield return notice;
                }
                else
                {
                    records.Add(item.Value!);
                }
            }

            await foreach (var notice in _hold.ReleaseAsync(_folders.IsSwapped, cancellationToken))
            {
                yield return notice;
            }

            isTold = true;
            foreach (var record in records)
            {
                yield return record with { Suspended = _hold.Left, Duration = _clock.Elapsed };
            }

            if (await _folders.CleanAsync() is { } left)
            {
                yield return new WarningNotice(left);
            }
        }
        finally
        {
            if (!isTold)
            {
                await Farewells.Add(LeaveAsync(cancellationToken.IsCancellationRequested));
            }
        }
    }

    private async Task<IReadOnlyList<StagedFolder>> StageAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _folders.StageAsync(source, cancellationToken);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw Errors.BackupDamaged(source.Path, error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Errors.BackupUnreadable(source.Path, error);
        }
    }

    private async IAsyncEnumerable<Streamed<HomelabRestore>> ReplaceAsync(IReadOnlyList<StagedFolder> staged, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Of one that is being stopped by somebody else, the last pods may still write.
        if (!data.Runs && await PodEnds.WaitAsync(client, data.App, options.App.Timeout, cancellationToken) is { } late)
        {
            throw late;
        }

        await foreach (var notice in _hold.TakeAsync(source.Places, cancellationToken))
        {
            yield return notice;
        }

        foreach (var folder in await ChangePlacesAsync(staged, cancellationToken))
        {
            yield return new HomelabRestore
            {
                Cluster = client.Name,
                Namespace = data.App.Namespace,
                App = data.App.Name,
                Node = folder.Place.Node,
                Path = folder.Place.Path,
                From = source.Path,
                Kind = source.Kind,
                Time = source.Time,
                Files = folder.Files,
                Bytes = folder.Bytes,
                Verified = folder.Verified,
                Aside = _folders.AsideOf(folder.Place),
            };
        }
    }

    private async Task<IReadOnlyList<StagedFolder>> ChangePlacesAsync(IReadOnlyList<StagedFolder> staged, CancellationToken cancellationToken)
    {
        try
        {
            await _folders.SwapAsync(staged, cancellationToken);
            return await source.FinishAsync(staged, cancellationToken);
        }
        catch
        {
            // Also after Ctrl+C: what is there by now is not what was asked for.
            var putting = _folders.PutBackAsync();
            await Farewells.Add(putting);
            _failure = await putting;
            if (_failure is not null)
            {
                throw _failure;
            }

            throw;
        }
    }

    // It failed, which is told by the error, or the command is being ended, and only the host is left to tell the user.
    private async Task LeaveAsync(bool isStopped)
    {
        try
        {
            if (!_folders.IsSwapped && _failure is null)
            {
                await foreach (var _ in _hold.ReleaseAsync(isRestored: false, CancellationToken.None))
                {
                    // What stays suspended is told below.
                }
            }
        }
        catch (HomelabException)
        {
            // As above.
        }

        var left = await _folders.CleanAsync();
        if (isStopped || left is not null || _hold.Left.Count > 0)
        {
            options.Tell(string.Join(' ', new[] { Outcome, Suspended, left }.OfType<string>()));
        }
    }

    private string Outcome => _failure is not null ? _failure.Message : _folders.IsSwapped
        ? Errors.Text("RestoreStoppedNew", data.App, source.Path, string.Join(", ", source.Places.Select(_folders.AsideOf).Where(aside => aside.Length > 0)), data.Node)
        : Errors.Text("RestoreStoppedOld", data.App, data.Text, data.Node);

    private string? Suspended => _hold.Left.Count == 0 ? null : Errors.Text("RestoreStoppedReplications", string.Join(", ", _hold.Left));
}
