using HomelabOps.Core.Delivery;
using HomelabOps.Core.Operations.Edits;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Gives the applications back to Flux, now that Git says what the cluster has.</summary>
internal sealed class ReleaseStep : IOperationStep
{
    public string Name => "Release";

    public StepRepetition Repetition => StepRepetition.Never;

    public async Task<string> RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var (options, record) = (context.Options, context.Record);
        var arrival = new CommitArrival(options.Client, options.Committer, options.Patterns, options.Journal, options.Timeout) { Patience = options.FluxPatience };
        var apps = record.Apps.ConvertAll(context.Reference);

        // Resumed before it has fetched the commit, Flux would apply the one before, and move the applications back to the old node.
        await arrival.FetchAsync(record.Commit!, apps, options.Repository.Folder, cancellationToken);
        var released = await FluxHold.ReleaseAsync(context, cancellationToken);
        if (!FluxHold.IsShared(context))
        {
            await arrival.BringAsync(record.Commit!, apps, record.References(options.Client.Name, app => app.Writers), options.Repository.Folder, cancellationToken);
        }

        LocalCommit.Forget(options, record.Id);
        return Errors.Text("Detail_StepReleased", Display.Commit(record.Commit!), string.Join(", ", released));
    }
}
