using HomelabOps.Core.Delivery;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Brings the commit to the cluster.</summary>
internal sealed class ReconcileStep : IOperationStep
{
    /// <summary>Its name.</summary>
    public const string StepName = "Reconcile";

    public string Name => StepName;

    public StepRepetition Repetition => StepRepetition.Never;

    public async Task<string> RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var (options, commit) = (context.Options, context.Record.Commit!);
        var arrival = new CommitArrival(options.Client, options.Committer, options.Patterns, options.Journal, options.Timeout);
        var writers = context.Record.Apps.SelectMany(app => app.Writers.Concat(app.Halted)).Select(writer => writer.Reference(options.Client.Name)).Distinct().ToList();
        var direct = await arrival.BringAsync(commit, [.. context.Record.Apps.Select(context.Reference)], writers, options.Repository.Folder, cancellationToken);

        // Peers that somebody has given a Syncthing by hand are not in Git, and no commit takes them away.
        foreach (var writer in await OperationWriters.ReadAsync(context, cancellationToken))
        {
            if (writer.Method == "syncthing" && await ReplicationHalt.CutAsync(options.Client, writer, options.Journal, cancellationToken) is { Count: > 0 } cut)
            {
                context.Record.Apps.SelectMany(app => app.Writers).Where(known => known.Reference(options.Client.Name) == writer.Reference).ToList().ForEach(known => known.Cut.AddRange(cut));
                context.Save();
                context.Tell(new WarningNotice(Errors.Text("PeersNotInGit", writer.Reference)));
            }
        }

        return direct.Count == 0 ? Errors.Text("Detail_StepReconciled", Display.Commit(commit)) : Errors.Text("Detail_StepReconciledDirectly", Display.Commit(commit), string.Join(", ", direct));
    }
}
