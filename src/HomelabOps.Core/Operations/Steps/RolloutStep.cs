using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Waits until the applications run on the target.</summary>
internal sealed class RolloutStep : IOperationStep
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    public string Name => "Rollout";

    public StepRepetition Repetition => StepRepetition.Never;

    public async Task<string> RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var clearing = context.Record.Kind == OperationKind.Failover ? ClearAsync(context, stop.Token) : Task.CompletedTask;
        try
        {
            await TargetPods.NotingAsync(context, () => OperationApps.EachAsync(context, app => WaitAsync(context, app, cancellationToken)), cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await clearing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        context.Record.HasRun = true;
        var nodes = await TargetPods.NodesAsync(context, cancellationToken);
        return Errors.Text("Detail_StepRolledOut", string.Join(", ", context.Record.Apps), string.Join("', '", nodes.DefaultIfEmpty("-")));
    }

    private static async Task<OperationApp> WaitAsync(OperationContext context, OperationApp app, CancellationToken cancellationToken)
    {
        var (options, reference) = (context.Options, context.Reference(app));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Timeout);
        var last = "";
        try
        {
            if (!await MovedTemplate.WaitAsync(context, app, options.Timeout, limit.Token) || await WorkloadReader.FindAsync(options.Client, reference, limit.Token) is not { } workload)
            {
                throw Errors.RolloutTimeout(reference, options.Timeout, Errors.Text("Detail_OldClaims", string.Join(", ", app.Claims.Keys)));
            }

            var end = await RolloutWaiter.WaitAsync(options.Client, workload, step =>
            {
                last = step.State.Message;
                context.Tell(new ProgressNotice(Errors.Text("OperationRunning", context.Record.Id), $"{reference}: {Display.FirstLine(step.State.Message)}", IsDone: false));
            }, limit.Token);
            limit.Token.ThrowIfCancellationRequested();
            return end switch
            {
                null => throw Errors.RolloutGone(reference),
                { Trouble: { } trouble } => throw Errors.RolloutFailed(reference, trouble.Reason, trouble.Message),
                _ => app,
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Errors.RolloutTimeout(reference, options.Timeout, last);
        }
    }

    // What was scheduled there at the last moment would hold up the rollout as those before did.
    private static async Task ClearAsync(OperationContext context, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Look);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                await new DeletePodsStep().RunAsync(context, cancellationToken);
            }
            catch (HomelabException error) when (!error.Terminates)
            {
                // A server that is away for a moment must not end this: the rollout would wait for what is not cleared.
            }
        }
    }
}
