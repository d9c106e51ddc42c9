using HomelabOps.Core.Applications;
using HomelabOps.Core.Delivery;
using HomelabOps.Core.GitOps.History;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Operations.Edits;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Operations.Steps;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Operations;

/// <summary>Takes an operation back, as long as no application has run on the target: from then on the newer data is there.</summary>
internal sealed class OperationUndo(FailoverOptions options, OperationStore store)
{
    // As long as the pod of a Syncthing takes to come up, with its image there.
    private static readonly TimeSpan ResumePatience = TimeSpan.FromMinutes(2);

    /// <summary>Refuses what cannot be taken back.</summary>
    /// <exception cref="HomelabException">OperationNotUndoable.</exception>
    public async Task CheckAsync(OperationRecord record, CancellationToken cancellationToken)
    {
        if (record.Status == OperationStatus.Undone)
        {
            throw Errors.OperationNotUndoable(record.Id, Errors.Text("Detail_UndoDone"));
        }

        // The copy of the other side was replaced by that of home, which may be the only one by now.
        if (record is { Stays: true, Status: OperationStatus.Completed })
        {
            throw Errors.OperationNotUndoable(record.Id, Errors.Text("Detail_UndoStays", string.Join(", ", record.Apps.Select(app => app.ToString())), record.To));
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
        record = store.Find(record.Id) ?? record;
        await using var lease = await OperationLease.TakeAsync(options.Client, options.Config.FluxNamespace, record.Id, store, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Lost);
        try
        {
            return await TakeBackAsync(record, tell, stop.Token);
        }
        catch (OperationCanceledException) when (lease.Loss is not null)
        {
            throw lease.Loss;
        }
    }

    /// <summary>Closes an operation as it is, and changes nothing else: neither what it has done is taken back, nor what is left is done.</summary>
    /// <exception cref="HomelabException">OperationNotUndoable, OperationHeld.</exception>
    public async Task<HomelabOperation> CloseAsync(OperationRecord record, Action<Notice> tell, CancellationToken cancellationToken)
    {
        using var held = await store.TakeAsync(record.Id, cancellationToken) ?? throw Errors.OperationHeld(record.Id);
        record = store.Find(record.Id) ?? record;
        if (!record.IsOpen)
        {
            throw Errors.OperationNotUndoable(record.Id, Errors.Text("Detail_UndoDone"));
        }

        if (record.Suspended.Count > 0)
        {
            tell(new WarningNotice(Errors.Text("ClosedSuspended", string.Join(", ", record.Suspended))));
        }

        return End(record);
    }

    private async Task<HomelabOperation> TakeBackAsync(OperationRecord record, Action<Notice> tell, CancellationToken cancellationToken)
    {
        await CheckAsync(record, cancellationToken);
        var context = new OperationContext(record.Local ? LocalCommit.Of(options, null) : options, record, tell) { Save = () => store.Save(record), Others = () => OperationQuery.FindOthers(store, record) };

        // From here on its steps do not tell any more what is there, so nothing may go on by them.
        record.Undoing = true;
        store.Save(record);
        await HoldAsync(context, cancellationToken);
        if (record.Local)
        {
            await ForgetAsync(context, cancellationToken);
        }

        // The newer one first: the other may have changed the same files.
        foreach (var line in record.Local ? [] : new[] { OperationCommit.Line(record.Id), OperationCommit.ReplicationLine(record.Id) })
        {
            if (await RevertAsync(line, tell, cancellationToken) is { } commit)
            {
                var arrival = new CommitArrival(options.Client, options.Committer, options.Patterns, options.Journal, options.Timeout) { Patience = options.FluxPatience };
                var others = record.References(options.Client.Name, app => app.Writers.Concat(app.Revived).Concat(app.Halted));
                await arrival.BringAsync(commit, [.. record.Apps.Select(context.Reference)], others, options.Repository.Folder, cancellationToken);
            }
        }

        // With the new claims they would start on the target.
        await OperationApps.EachAsync(context, app => FormerAsync(context, app, cancellationToken));
        foreach (var (source, peer) in record.Apps.SelectMany(app => app.Writers).SelectMany(writer => writer.Cut.Select(peer => (writer.Reference(options.Client.Name), peer))))
        {
            // They were not in Git, so no revert brings them back.
            await ReplicationHalt.JoinAsync(options.Client, source, peer, options.Journal, cancellationToken);
        }

        await CheckAsync(record, cancellationToken);
        await PartAsync(context, cancellationToken);
        var silent = await ReviveAsync(context, cancellationToken);

        // What did not run before must not run because of this.
        var isStopped = HasBegun(record, StopStep.StepName);
        await OperationApps.EachAsync(context, app => isStopped || app.IsHeld ? StartAsync(context, app, cancellationToken) : Task.FromResult<HomelabApp?>(null));
        await OperationSyncthings.ResumeAsync(context, silent, ResumePatience, cancellationToken);
        await PutBackAsync(context, cancellationToken);
        await FluxHold.ReleaseAsync(context, cancellationToken);
        if (HasBegun(record, GiveUpStep.StepName) && await NodePods.FindNodeAsync(options, record.From, cancellationToken) is not null)
        {
            await NodeCordon.UncordonAsync(options.Client, record.From, removeTaint: true, options.Journal, cancellationToken);
        }

        if (record.Cordon is { } cordon && await NodePods.FindNodeAsync(options, record.To, cancellationToken) is { } node && !NodeCordon.IsCordoned(node))
        {
            await NodeCordon.CordonAsync(options.Client, node, cordon, options.Journal, cancellationToken);
        }

        return End(record);
    }

    private HomelabOperation End(OperationRecord record)
    {
        (record.Status, record.Ended) = (OperationStatus.Undone, DateTimeOffset.UtcNow);
        store.Save(record);
        return record.ToOperation(isHeld: false);
    }

    private static bool HasBegun(OperationRecord record, string name) => record.Steps.Exists(step => step.Name == name && step.Status != OperationStepStatus.Pending);

    // A pod that is about to start on the target would have written by the time that the old claims are back. So it is kept from starting
    // first, and whether it had started is asked when it can no more.
    private async Task HoldAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var record = context.Record;
        await TargetPods.NotingAsync(context, () => OperationApps.EachAsync(context, app => HoldAsync(context, app, cancellationToken)), cancellationToken);
        if (!record.Apps.Exists(app => app.IsHeld))
        {
            return;
        }

        var haveEnded = await TargetPods.NotingAsync(context, () => TargetPods.HaveEndedAsync(options, record, cancellationToken), cancellationToken);
        if (!haveEnded || record.HasRun)
        {
            await OperationApps.EachAsync(context, app => app.IsHeld ? StartAsync(context, app, cancellationToken) : Task.FromResult<HomelabApp?>(null));
            record.Apps.ForEach(app => app.IsHeld = false);
            record.Undoing = false;
            store.Save(record);
            throw Errors.OperationNotUndoable(record.Id, Errors.Text(record.HasRun ? "Detail_UndoRun" : "Detail_UndoPods", string.Join(", ", record.Apps), record.To));
        }
    }

    private async Task<HomelabApp?> HoldAsync(OperationContext context, OperationApp app, CancellationToken cancellationToken)
    {
        if (await WorkloadReader.FindAsync(options.Client, context.Reference(app), cancellationToken) is not { } workload || !MovedTemplate.Is(workload, app) || await OperationApps.ReadAsync(context, app, cancellationToken) is not { Stopped: false } found)
        {
            return null;
        }

        app.IsHeld = true;
        context.Save();
        var suspension = Suspensions.FromNow(Errors.Text("Detail_UndoReason", context.Record.Id), null);
        return await OperationApps.DrainAsync(AppStopper.StopAsync(options.Client, found, suspension, new AppOptions { Config = options.Config, NoWait = true }, options.Journal, cancellationToken), found);
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

    private async Task<string?> RevertAsync(string line, Action<Notice> tell, CancellationToken cancellationToken)
    {
        if (await OperationCommit.FindAsync(options, line, cancellationToken) is not { } made)
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

    // Nobody but this machine knows of the commit, so nothing is reverted: the replications become again what Git said last.
    private static async Task ForgetAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var (options, record) = (context.Options, context.Record);
        LocalCommit.Forget(options, record.Id);
        if (record.Suspended.Count > 0)
        {
            var writers = record.References(options.Client.Name, app => app.Writers);
            await new DirectApply(options.Client, options.Committer, options.Patterns, options.Journal).RunAsync([], writers, null, cancellationToken);
        }
    }

    // Nothing is told from one side to the other any more.
    private async Task PartAsync(OperationContext context, CancellationToken cancellationToken)
    {
        if (HasBegun(context.Record, ReviveStep.StepName))
        {
            // Those that talked to each other before go on doing so.
            var revived = context.Record.Apps.Where(app => app.Replaced.Count > 0).SelectMany(app => app.Revived).Select(source => source.Reference(options.Client.Name)).ToHashSet();
            foreach (var source in (await OperationWriters.ReadAllAsync(context, cancellationToken)).Where(replication => revived.Contains(replication.Reference)))
            {
                await ReplicationHalt.CutAsync(options.Client, source, options.Journal, cancellationToken);
            }
        }
    }

    // The application runs again by now: a home that has died since must not keep it from that.
    private async Task PutBackAsync(OperationContext context, CancellationToken cancellationToken)
    {
        if (!HasBegun(context.Record, SetAsideStep.StepName))
        {
            return;
        }

        if (await NodePods.IsReadyAsync(options, context.Record.To, cancellationToken))
        {
            await SetAsideStep.UndoAsync(context, cancellationToken);
        }
        else
        {
            context.Tell(new WarningNotice(Errors.Text("UndoDataLeft", context.Record.To, string.Join(", ", context.Record.Apps.SelectMany(app => app.Protected)))));
        }
    }

    // Gives the Syncthings whose peers the operation has paused and which do not answer: they start anew with their application, and a pause outlasts that.
    private async Task<IReadOnlyList<ResourceReference>> ReviveAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var paused = new List<ResourceReference>();
        foreach (var writer in await OperationWriters.ReadAsync(context, cancellationToken))
        {
            if (writer.Method == "syncthing")
            {
                paused.Add(writer.Reference);
            }
            else
            {
                await ReplicationHalt.SetAsync(options.Client, writer, paused: false, options.Journal, cancellationToken);
            }
        }

        return HasBegun(context.Record, SilenceStep.StepName) ? [.. (await OperationSyncthings.TryResumeAsync(options, paused, cancellationToken)).Keys] : [];
    }

    private async Task<HomelabApp?> StartAsync(OperationContext context, OperationApp app, CancellationToken cancellationToken)
    {
        var found = await OperationApps.ReadAsync(context, app, cancellationToken);
        if (!found.Stopped)
        {
            return found;
        }

        return await OperationApps.DrainAsync(AppStopper.StartAsync(options.Client, found, new AppOptions { Config = options.Config, Timeout = options.Timeout }, options.Journal, cancellationToken), found);
    }
}
