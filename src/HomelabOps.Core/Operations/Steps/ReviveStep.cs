using HomelabOps.Core.Delivery;
using HomelabOps.Core.Operations.Edits;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Lets the Syncthings of both sides talk again, through Git: each gets the ID and the address that the other has now, which may be new since.</summary>
internal sealed class ReviveStep : IOperationStep
{
    /// <summary>Its name.</summary>
    public const string StepName = "Revive";

    public string Name => StepName;

    public StepRepetition Repetition => StepRepetition.UntilCommitted;

    public async Task<string> RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var (options, record) = (context.Options, context.Record);
        var peers = await FailoverEdits.PeersAsync(options, record, cancellationToken);
        if (peers.Count == 0)
        {
            return Errors.Text("Detail_StepReviveNone");
        }

        var edit = await FailoverEdits.ReviveAsync(options, record, cancellationToken);
        var (change, warning) = await options.Committer.CommitAsync(edit, cancellationToken);
        if (warning is not null)
        {
            context.Tell(new WarningNotice(warning));
        }

        record.ReplicationCommit = change.Pushed ? change.Commit : await OperationCommit.FindAsync(options, OperationCommit.ReplicationLine(record.Id), cancellationToken);
        context.Save();
        if (record.ReplicationCommit is { } commit)
        {
            var arrival = new CommitArrival(options.Client, options.Committer, options.Patterns, options.Journal, options.Timeout) { Patience = options.FluxPatience };
            await arrival.BringAsync(commit, [.. record.Apps.Select(context.Reference)], [.. peers.Select(peer => peer.Source)], options.Repository.Folder, cancellationToken);
        }

        // Another Kustomization than the application's may have them, which comes to it later; and some are not in Git at all.
        foreach (var (source, check) in peers)
        {
            await ReplicationHalt.JoinAsync(options.Client, source, check.Expected!, options.Journal, cancellationToken);
        }

        return Errors.Text("Detail_StepRevived", string.Join(", ", peers.Select(peer => peer.Source)), Display.Commit(record.ReplicationCommit ?? ""));
    }
}
