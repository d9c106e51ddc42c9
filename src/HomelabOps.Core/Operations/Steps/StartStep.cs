using HomelabOps.Core.Applications;
using HomelabOps.Core.Operations.Record;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Starts the stopped applications with what Git says of them now, and not before the cluster has that: with the old claims they would start where they were.</summary>
internal sealed class StartStep : IOperationStep
{
    public string Name => "Start";

    public StepRepetition Repetition => StepRepetition.Never;

    public async Task<string> RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var started = await TargetPods.NotingAsync(context, () => OperationApps.EachAsync(context, app => StartAsync(context, app, cancellationToken)), cancellationToken);
        return Errors.Text("Detail_StepStarted", string.Join(", ", started.Select(app => app.Reference)));
    }

    private static async Task<HomelabApp> StartAsync(OperationContext context, OperationApp app, CancellationToken cancellationToken)
    {
        var options = context.Options;
        var found = await OperationApps.ReadAsync(context, app, cancellationToken);
        if (!found.Stopped)
        {
            return found;
        }

        await MovedTemplate.BringAsync(context, app, found, MovedTemplate.Is, cancellationToken);
        return await OperationApps.DrainAsync(AppStopper.StartAsync(options.Client, found, new AppOptions { Config = options.Config, NoWait = true }, options.Journal, cancellationToken), found);
    }
}
