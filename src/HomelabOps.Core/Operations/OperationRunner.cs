using System.Runtime.CompilerServices;
using System.Threading.Channels;
using HomelabOps.Core.Operations.Edits;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Operations.Steps;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Operations;

/// <summary>
/// Carries operations out, step by step. Each step is written down before it is begun and after it has ended, so that whatever ends the
/// process leaves an operation that another one can go on with.
/// </summary>
internal sealed class OperationRunner(FailoverOptions options, OperationStore store)
{
    /// <summary>Told of each step that was written down; what it throws ends the process as a power cut would. For tests.</summary>
    internal Action<OperationStepRecord> Reached { get; init; } = _ => { };

    /// <summary>Carries an operation out, or goes on with it.</summary>
    /// <param name="record">The operation.</param>
    /// <param name="cancellationToken">Ends it; it can be resumed.</param>
    /// <returns>What there is to tell, then what became of each application; an error follows where a step failed.</returns>
    /// <exception cref="HomelabException">OperationHeld: another process works at it. OperationBusy: another operation is under way.</exception>
    public async IAsyncEnumerable<Streamed<FailoverResult>> RunAsync(OperationRecord record, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var held = await store.TakeAsync(record.Id, cancellationToken) ?? throw Errors.OperationHeld(record.Id);

        // Another process may have come further since it was read.
        var confirmed = record.ConfirmedBy;
        record = store.Find(record.Id) ?? record;
        record.ConfirmedBy = confirmed ?? record.ConfirmedBy;
        await using var lease = await OperationLease.TakeAsync(options.Client, options.Config.FluxNamespace, record.Id, store, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Lost);
        var notices = Channel.CreateUnbounded<Notice>();
        var remote = new OperationContext(options, record, notice => notices.Writer.TryWrite(notice)) { Save = () => store.Save(record), Others = () => OperationQuery.FindOthers(store, record) };
        var local = record.Local ? remote with { Options = LocalCommit.Of(options, record.Id) } : remote;
        var activity = Errors.Text("OperationRunning", record.Id);
        var steps = OperationPlan.Steps(record);
        var isResumed = record.IsBegun;
        await OperationStand.CheckAsync(options, store, record, IsMoved(record), cancellationToken);
        if (isResumed && !IsMoved(record))
        {
            await OperationStand.ReadCommitAsync(options, record, cancellationToken);
        }

        var (failure, isWaiting) = (default(HomelabException), false);
        (record.Status, record.Ended) = (OperationStatus.Running, null);
        foreach (var (step, entry) in steps.Zip(record.Steps))
        {
            if (entry.Status == OperationStepStatus.Completed && !(isResumed && IsRepeated(step, record)))
            {
                continue;
            }

            isWaiting = OperationPlan.IsLater(step);
            if (isWaiting && !isResumed)
            {
                break;
            }

            yield return new ProgressNotice(activity, step.Name, IsDone: false);
            var running = StepAsync(step, entry, isWaiting ? remote : local, notices.Writer, lease, stop.Token);
            await foreach (var notice in Until(running, notices.Reader))
            {
                yield return notice;
            }

            failure = await running;
            if (failure is not null)
            {
                break;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        var isDone = record.Steps.TrueForAll(step => step.Status == OperationStepStatus.Completed);
        (record.Status, record.Ended) = (isDone ? OperationStatus.Completed : isWaiting ? OperationStatus.AwaitingPush : OperationStatus.Failed, DateTimeOffset.UtcNow);
        store.Save(record);
        yield return new ProgressNotice(activity, activity, IsDone: true);
        foreach (var app in record.Apps)
        {
            yield return Result(record, app, failure);
        }

        if (failure is not null)
        {
            yield return new FailureNotice(failure);
        }
    }

    /// <summary>The steps that are left, those that are done again among them.</summary>
    public static IEnumerable<string> Left(OperationRecord record) =>
        OperationPlan.Steps(record).Zip(record.Steps).Where(step => step.Second.Status != OperationStepStatus.Completed || IsRepeated(step.First, record)).Select(step => step.First.Name);

    private static bool IsRepeated(IOperationStep step, OperationRecord record) => step.Repetition switch
    {
        StepRepetition.UntilMoved => !IsMoved(record),
        StepRepetition.UntilCommitted => record.Commit is null,
        _ => false,
    };

    // From then on the data of the target is the one that counts, and what came before must not be done to it again.
    private static bool IsMoved(OperationRecord record) => record.HasRun || record.Steps.Exists(step => step.Name == ReconcileStep.StepName && step.Status == OperationStepStatus.Completed);

    private static async IAsyncEnumerable<Notice> Until(Task running, ChannelReader<Notice> notices)
    {
        while (true)
        {
            while (notices.TryRead(out var notice))
            {
                yield return notice;
            }

            if (running.IsCompleted)
            {
                yield break;
            }

            await Task.WhenAny(running, notices.WaitToReadAsync().AsTask());
        }
    }

    private async Task<HomelabException?> StepAsync(IOperationStep step, OperationStepRecord entry, OperationContext context, ChannelWriter<Notice> notices, OperationLease lease, CancellationToken cancellationToken)
    {
        (entry.Status, entry.Started, entry.Ended, entry.Message) = (OperationStepStatus.Running, DateTimeOffset.UtcNow, null, "");
        store.Save(context.Record);
        Reached(entry);
        try
        {
            entry.Message = await step.RunAsync(context, cancellationToken);
            (entry.Status, entry.Ended) = (OperationStepStatus.Completed, DateTimeOffset.UtcNow);
            store.Save(context.Record);
            notices.TryWrite(new VerboseNotice($"{step.Name}: {entry.Message}"));
            Reached(entry);
            return null;
        }
        catch (HomelabException error)
        {
            return Failed(step, entry, context.Record, error);
        }
        catch (OperationCanceledException) when (lease.Loss is not null)
        {
            return Failed(step, entry, context.Record, lease.Loss);
        }
    }

    private HomelabException Failed(IOperationStep step, OperationStepRecord entry, OperationRecord record, HomelabException error)
    {
        (entry.Status, entry.Ended, entry.Message) = (OperationStepStatus.Failed, DateTimeOffset.UtcNow, error.Message);
        store.Save(record);
        return Errors.OperationStepFailed(record.Id, step.Name, error, OperationHalfway.Describe(record, IsMoved(record)));
    }

    private static IEnumerable<string> Messages(OperationRecord record, HomelabException? failure)
    {
        if (failure is not null)
        {
            yield return failure.Message;
        }

        if (record is { Stays: true, Status: OperationStatus.Completed })
        {
            yield return Errors.Text("Detail_StayedHome", record.From, record.To);
        }

        if (record.Fence == FailoverFence.None)
        {
            yield return Errors.Text("Detail_StepFenceNone", record.From);
        }

        if (record.Status == OperationStatus.AwaitingPush)
        {
            yield return Errors.Text("Detail_AwaitingPush", Display.Commit(record.Commit ?? ""), string.Join(", ", record.Suspended), record.Id);
        }
    }

    private FailoverResult Result(OperationRecord record, OperationApp app, HomelabException? failure) => new()
    {
        Cluster = options.Client.Name,
        Kind = app.Kind,
        Namespace = app.Namespace,
        Name = app.Name,
        Id = record.Id,
        From = record.From,
        To = record.To,
        Planned = record.Kind != OperationKind.Failover,
        Status = record.Status switch
        {
            OperationStatus.Completed => FailoverStatus.Completed,
            OperationStatus.AwaitingPush => FailoverStatus.AwaitingPush,
            _ => FailoverStatus.Failed,
        },
        Message = string.Join(' ', Messages(record, failure)),
        Commit = record.OwnCommit ?? (record.Stays ? record.ReplicationCommit : null) ?? "",
        Steps = record.ToSteps(),
        Overridden = record.Overridden,
        Fence = record.Fence,
        Protected = [.. app.Protected.Select(path => $"{record.To}:{path}")],
        DataLossWindow = app.DataLossWindow,
        Duration = (record.Ended ?? DateTimeOffset.UtcNow) - record.Started,
    };
}
