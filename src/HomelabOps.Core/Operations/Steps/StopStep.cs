using HomelabOps.Core.Applications;
using HomelabOps.Core.Backups;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Operations.Record;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Stops the applications where they are, so that Flux does not start them again, and waits until their last pod has gone.</summary>
internal sealed class StopStep : IOperationStep
{
    /// <summary>Its name.</summary>
    public const string StepName = "Stop";

    public string Name => StepName;

    public StepRepetition Repetition => StepRepetition.UntilMoved;

    public async Task<string> RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var stopped = await OperationApps.EachAsync(context, app => StopAsync(context, app, cancellationToken));
        return Errors.Text("Detail_StepStopped", string.Join(", ", stopped.Select(app => app.Reference)));
    }

    private static async Task<HomelabApp> StopAsync(OperationContext context, OperationApp app, CancellationToken cancellationToken)
    {
        var options = context.Options;
        var found = await OperationApps.ReadAsync(context, app, cancellationToken);

        // What runs on the target already was moved by this operation.
        if (found.Volumes.Any(volume => app.Claims.ContainsValue(volume.Claim)) && !found.Stopped)
        {
            return found;
        }

        var suspension = Suspensions.FromNow(Errors.Text("Detail_FailoverReason", context.Record.Id, context.Record.To), null);
        found = await OperationApps.DrainAsync(AppStopper.StopAsync(options.Client, found, suspension, new AppOptions { Config = options.Config, Timeout = options.Timeout }, options.Journal, cancellationToken), found);
        return await PodEnds.WaitAsync(options.Client, found, options.Timeout, cancellationToken) is { } late ? throw late : found;
    }
}
