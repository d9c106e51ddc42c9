using System.Runtime.CompilerServices;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Replication.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Replication;

/// <summary>Starts replications and waits until they are done.</summary>
internal static class ReplicationStarter
{
    /// <summary>Refuses what cannot be started.</summary>
    /// <exception cref="HomelabException">ReplicationPaused, ReplicationNotStartable.</exception>
    public static void Check(ReplicationStatus target)
    {
        if (target.State == ReplicationState.Paused)
        {
            throw Errors.ReplicationPaused(target.Reference);
        }

        // Another operator's mover has rules of its own.
        if (target.Method is "" or "external" || IsReceiver(target))
        {
            throw Errors.ReplicationNotStartable(target.Reference, target.Method);
        }
    }

    /// <summary>The receiving end of rsync, which waits for its source already.</summary>
    public static bool IsReceiver(ReplicationStatus target) => target is { Kind: ReplicationTypes.DestinationKind, Method: "rsync" or "rsyncTLS", Schedule: "", ManualTrigger: "" };

    /// <summary>Starts a replication, waits until it is done or has at least begun, and gives it as it is then.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="target">The replication.</param>
    /// <param name="options">How.</param>
    /// <param name="journal">Where the changes are written down.</param>
    /// <param name="cancellationToken">Ends the waiting; the schedule is put back all the same.</param>
    public static async IAsyncEnumerable<Streamed<ReplicationStatus>> StartAsync(
        ClusterClient client,
        ReplicationStatus target,
        ReplicationStartOptions options,
        ChangeJournal journal,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var activity = Errors.Text("ReplicationStarting", target.Reference);
        yield return new ProgressNotice(activity, target.Method, IsDone: false);
        var (failure, warning) = target.Method == "syncthing"
            ? (await SyncthingResync.RunAsync(client, target, options, cancellationToken), "")
            : await RunAsync(client, target, options, journal, cancellationToken);
        yield return new ProgressNotice(activity, activity, IsDone: true);
        if (warning.Length > 0)
        {
            yield return new WarningNotice(warning);
        }

        var query = new ReplicationQuery { References = [target.Reference], Config = options.Config };
        await foreach (var item in ReplicationReader.ReadAsync(client, query, cancellationToken))
        {
            yield return item;
        }

        if (failure is not null)
        {
            yield return new FailureNotice(failure);
        }
    }

    private static async Task<(HomelabException? Failure, string Warning)> RunAsync(ClusterClient client, ReplicationStatus target, ReplicationStartOptions options, ChangeJournal journal, CancellationToken cancellationToken)
    {
        var reference = target.Reference;
        var type = (await ReplicationTypes.FindAsync(client, cancellationToken)).Of(target.Kind, client);
        var before = await client.FindObjectAsync(type, target.Namespace, target.Name, cancellationToken) ?? throw Errors.ReplicationGone(reference);
        var trigger = new ReplicationTrigger(client, type, reference, before, unlocks: options.Full && target.Method == "restic", journal);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Timeout);
        var (failure, last) = (default(HomelabException), default(ReplicationWire));
        var isSet = false;
        try
        {
            // What runs already would take our token for its own. What runs without an end gets one first that only stops it.
            var idle = trigger.IsEndless ? ReplicationTrigger.NewToken() : "";
            if (trigger.IsEndless)
            {
                isSet = true;
                await trigger.SetAsync(idle, limit.Token);
            }

            last = await UntilAsync(item => item.Status?.LastSyncStartTime is null && (idle.Length == 0 || ReplicationTrigger.IsDone(item, idle)));
            var (token, result) = (ReplicationTrigger.NewToken(), last.Status?.LatestMoverStatus);
            isSet = true;
            await trigger.SetAsync(token, limit.Token);
            last = await UntilAsync(item => HasBegun(item) || ReplicationTrigger.IsDone(item, token) || HasFailed(item, result));
            failure = HasBegun(last) || ReplicationTrigger.IsDone(last, token) ? null : Errors.ReplicationFailed(reference, ReplicationHealth.Of(last, target.Kind == ReplicationTypes.SourceKind, null, DateTimeOffset.UtcNow).Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            failure = Errors.ReplicationTimeout(reference, options.Timeout, last?.Status?.Conditions?.Find(condition => condition.Type == "Synchronizing")?.Message ?? "");
        }
        finally
        {
            // Also after Ctrl+C.
            failure = isSet && await trigger.PutBackAsync(isRunning: last?.Status?.LastSyncStartTime is not null && failure?.Id != nameof(Errors.ReplicationFailed)) is { } left ? left : failure;
        }

        return (failure, trigger.HasOwnToken ? Errors.Text("ReplicationOwnToken", reference, target.ManualTrigger) : "");

        // A run that has begun goes on to its end without its token.
        bool HasBegun(ReplicationWire item) => options.NoWait && item.Status?.LastSyncStartTime is not null;

        async Task<ReplicationWire> UntilAsync(Func<ReplicationWire, bool> holds) => await ReplicationWatch.UntilAsync(client, type, reference, item =>
        {
            last = item;
            return holds(item);
        }, limit.Token);
    }

    private static bool HasFailed(ReplicationWire item, MoverStatusWire? before) =>
        item.Status?.LatestMoverStatus is { Result: "Failed" } now && (now.Result != before?.Result || now.Logs != before?.Logs);
}
