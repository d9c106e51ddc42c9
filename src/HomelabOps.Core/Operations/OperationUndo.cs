using HomelabOps.Core.Applications;
using HomelabOps.Core.Delivery;
using HomelabOps.Core.GitOps.History;
using HomelabOps.Core.Operations.Edits;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Operations.Steps;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Operations;

/// <summary>Takes an operation back, as long as no application has run on the target: from then on the newer data is there.</summary>
internal sealed class OperationUndo(FailoverOptions options, OperationStore store)
{
    /// <summary>Refuses what cannot be taken back.</summary>
    /// <exception cref="HomelabException">OperationNotUndoable.</exception>
    public async Task CheckAsync(OperationRecord record, CancellationToken cancellationToken)
    {
        if (record.Status == OperationStatus.Undone)
        {
            throw Errors.OperationNotUndoable(record.Id, Errors.Text("Detail_UndoDone"));
        }

        if (record.HasRun || await TargetPods.HaveStartedAsync(options, record, cancellationToken))
        {
            throw Errors.OperationNotUndoable(record.Id, Errors.Text("Detail_UndoRun", string.Join(", ", record.Apps.Select(app => app.ToString())), record.To));
        }
    }

    /// <summary>Takes it back.</summary>
    /// <exception cref="HomelabException">OperationNotUndoable, OperationHeld, OperationBusy, and those of the repository and the cluster; what was taken back until then stays so, and it can be tried again.</exception>
    public async Task<HomelabOperation> RunAsync(OperationRecord record, Action<Notice> tell, CancellationToken cancellationToken)
    {
        using var held = await store.TakeAsync(record.Id, cancellationToken) ?? throw Errors.OperationHeld(record.Id);
        await using var lease = await OperationLease.TakeAsync(options.Client, options.Config.FluxNamespace, record.Id, cancellationToken);
        await CheckAsync(record, cancellationToken);
        var context = new OperationContext(options, record, tell);
        if (await RevertAsync(record, tell, cancellationToken) is { } commit)
        {
            var arrival = new CommitArrival(options.Client, options.Committer, options.Patterns, options.Journal, options.Timeout);
            await arrival.BringAsync(commit, [.. record.Apps.Select(context.Reference)], [.. record.Apps.SelectMany(app => app.Writers).Select(writer => writer.Reference(options.Client.Name))], options.Repository.Folder, cancellationToken);
        }

        // With the new claims they would start on the target.
        await OperationApps.EachAsync(context, app => FormerAsync(context, app, cancellationToken));
        await CheckAsync(record, cancellationToken);
        await ReviveAsync(context, cancellationToken);
        if (record.Kind != OperationKind.Failover)
        {
            await OperationApps.EachAsync(context, app => StartAsync(context, app, cancellationToken));
        }

        (record.Status, record.Ended) = (OperationStatus.Undone, DateTimeOffset.UtcNow);
        store.Save(record);
        return record.ToOperation(isHeld: false);
    }

    private static async Task<OperationApp> FormerAsync(OperationContext context, OperationApp app, CancellationToken cancellationToken)
    {
        var found = await OperationApps.ReadAsync(context, app, cancellationToken);
        if (found.Volumes.Any(volume => app.Claims.ContainsValue(volume.Claim)))
        {
            await MovedTemplate.BringAsync(context, app, found, MovedTemplate.IsFormer, cancellationToken);
        }

        return app;
    }

    private async Task<string?> RevertAsync(OperationRecord record, Action<Notice> tell, CancellationToken cancellationToken)
    {
        if (await OperationCommit.FindAsync(options, record.Id, cancellationToken) is not { } made)
        {
            return null;
        }

        var edit = await options.Committer.ReadAsync((git, tip, _) => RevertEdit.Of(git, tip, made), cancellationToken);
        var (change, warning) = await options.Committer.CommitAsync(edit, cancellationToken);
        if (warning is not null)
        {
            tell(new WarningNotice(warning));
        }

        return change.Commit;
    }

    private async Task ReviveAsync(OperationContext context, CancellationToken cancellationToken)
    {
        foreach (var writer in await OperationWriters.ReadAsync(context, cancellationToken))
        {
            if (writer.Method != "syncthing")
            {
                await ReplicationHalt.SetAsync(options.Client, writer, paused: false, options.Journal, cancellationToken);
                continue;
            }

            try
            {
                await SyncthingPause.SetAsync(options.Client, writer.Reference, paused: false, options.Config, cancellationToken);
            }
            catch (HomelabException error) when (error.Id is nameof(Errors.SyncthingNotRunning) or nameof(Errors.SyncthingUnreachable))
            {
                // One that does not run is told by VolSync when it does.
                context.Tell(new WarningNotice(error.Message));
            }
        }
    }

    private async Task<HomelabApp> StartAsync(OperationContext context, OperationApp app, CancellationToken cancellationToken)
    {
        var found = await OperationApps.ReadAsync(context, app, cancellationToken);
        if (!found.Stopped)
        {
            return found;
        }

        return await OperationApps.DrainAsync(AppStopper.StartAsync(options.Client, found, new AppOptions { Config = options.Config, Timeout = options.Timeout }, options.Journal, cancellationToken), found);
    }
}
