using HomelabOps.Core.Replication;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Keeps everything else from writing into the data of the target until Git says so.</summary>
internal sealed class SilenceStep : IOperationStep
{
    /// <summary>Its name.</summary>
    public const string StepName = "Silence";

    public string Name => StepName;

    public StepRepetition Repetition => StepRepetition.UntilMoved;

    public async Task<string> RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var options = context.Options;
        var writers = await OperationWriters.ReadAsync(context, cancellationToken);
        var done = new List<ResourceReference>();
        foreach (var writer in writers)
        {
            // Only the side of the target: the other one may be on the node that is gone.
            if (writer.Method == "syncthing" && context.Record.Apps.Exists(app => app.Claims.ContainsValue(writer.SourcePvc)))
            {
                await PauseAsync(context, writer.Reference, cancellationToken);
                done.Add(writer.Reference);
            }
            else if (writer.Method != "syncthing" && writer.Kind == ReplicationTypes.DestinationKind)
            {
                await ReplicationHalt.SetAsync(options.Client, writer, paused: true, options.Journal, cancellationToken);
                done.Add(writer.Reference);
            }
        }

        return done.Count == 0 ? Errors.Text("Detail_StepSilenceNone") : Errors.Text("Detail_StepSilenced", string.Join(", ", done));
    }

    private static async Task PauseAsync(OperationContext context, ResourceReference source, CancellationToken cancellationToken)
    {
        try
        {
            await SyncthingPause.SetAsync(context.Options.Client, source, paused: true, context.Options.Config, cancellationToken);
        }
        catch (HomelabException error) when (error.Id == nameof(Errors.SyncthingNotRunning))
        {
            // What does not run writes nothing, and when it does it has the peers of Git.
            context.Tell(new WarningNotice(error.Message));
        }
    }
}
