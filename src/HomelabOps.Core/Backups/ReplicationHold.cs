using System.Runtime.CompilerServices;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Backups;

/// <summary>
/// Keeps replications from writing over data that is put back. A Syncthing is cut off from its peers, and afterwards started anew, as it
/// still has the old folder open; when it has looked through the new one its files count as the newer ones, and it may talk again. What
/// only receives would write over them with the next run, so it stays suspended.
/// </summary>
internal sealed class ReplicationHold(ClusterClient client, AppData data, AppOptions options, ChangeJournal journal)
{
    private readonly List<ReplicationStatus> _syncthings = [];
    private readonly List<ReplicationStatus> _suspended = [];

    /// <summary>What stays suspended.</summary>
    public IReadOnlyList<ResourceReference> Left => [.. _suspended.Select(replication => replication.Reference)];

    /// <summary>Suspends what writes into the folders.</summary>
    /// <param name="places">The folders.</param>
    /// <param name="cancellationToken">Ends the waiting; what was suspended stays so.</param>
    /// <exception cref="HomelabException">AccessDenied, ReplicationGone.</exception>
    public async IAsyncEnumerable<Notice> TakeAsync(IReadOnlyList<BackupPlace> places, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ResourceReference[] claims = [.. data.App.Volumes.Where(volume => places.Any(place => BackupPlaces.IsWithin(volume.Path.TrimEnd('/'), place.Path))).Select(volume => new ResourceReference(client.Name, "PersistentVolumeClaim", data.App.Namespace, volume.Claim))];
        if (claims.Length == 0 || data.App.Replications.Count == 0)
        {
            yield break;
        }

        var writers = new List<ReplicationStatus>();
        var query = new ReplicationQuery { References = claims, Config = options.Config };
        await foreach (var item in ReplicationReader.ReadAsync(client, query, cancellationToken))
        {
            if (item.Notice is { } notice)
            {
                yield return notice;
            }
            else if (item.Value is { Kind: ReplicationTypes.DestinationKind } or { Method: "syncthing" })
            {
                writers.Add(item.Value);
            }
        }

        _syncthings.AddRange(writers.Where(writer => writer.Method == "syncthing"));
        foreach (var writer in writers.Where(writer => writer.State != ReplicationState.Paused))
        {
            _suspended.Add(writer);
            if (await ReplicationSuspender.SuspendAsync(client, writer, Suspensions.FromNow(Errors.Text("Detail_RestoreReason"), null), journal, cancellationToken) is { } warning)
            {
                yield return warning;
            }
        }
    }

    /// <summary>Lets the replications go on as far as that does no harm.</summary>
    /// <param name="isRestored">The folders have other data than before.</param>
    /// <param name="cancellationToken">Ends the waiting; what is suspended then stays so.</param>
    public async IAsyncEnumerable<Notice> ReleaseAsync(bool isRestored, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var syncthing in isRestored ? _syncthings : [])
        {
            if (await RenewAsync(syncthing, cancellationToken) is { } failure)
            {
                yield return new WarningNotice(Errors.Text("RestoreReplicationStale", syncthing.Reference, failure.Message));
            }
            else
            {
                await foreach (var notice in ResumeAsync(syncthing, cancellationToken))
                {
                    yield return notice;
                }
            }
        }

        foreach (var other in _suspended.ToArray())
        {
            if (isRestored && other.Method != "syncthing")
            {
                yield return new WarningNotice(Errors.Text("RestoreReplicationHeld", other.Reference));
            }
            else if (!isRestored)
            {
                await foreach (var notice in ResumeAsync(other, cancellationToken))
                {
                    yield return notice;
                }
            }
        }
    }

    // It has the folder open that was moved aside, under whatever name.
    private async Task<HomelabException?> RenewAsync(ReplicationStatus syncthing, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Timeout);
        try
        {
            var query = new SyncthingQuery { References = [syncthing.Reference], Config = options.Config };
            foreach (var target in (await SyncthingTargets.FindAsync(client, query, limit.Token)).Targets.Where(target => target.Pods.Count > 0))
            {
                SyncthingRestarter.Check(target);
                if (await SyncthingRestarter.RestartAsync(client, target, options.Timeout, journal, limit.Token) is { Failure: { } failure })
                {
                    return failure;
                }
            }

            await SyncthingResync.ScanAsync(client, syncthing.Reference, options.Config, limit.Token);
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Errors.ReplicationTimeout(syncthing.Reference, options.Timeout, "");
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            return error;
        }
    }

    private async IAsyncEnumerable<Notice> ResumeAsync(ReplicationStatus replication, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!_suspended.Contains(replication))
        {
            yield break;
        }

        if (await ReplicationSuspender.ResumeAsync(client, replication, journal, cancellationToken) is { } warning)
        {
            yield return warning;
        }

        _suspended.Remove(replication);
    }
}
