using HomelabOps.Core.Operations.Edits;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Puts the new claims and nodes into Git, and with them that nothing else writes, in one commit.</summary>
internal sealed class CommitStep : IOperationStep
{
    public string Name => "Commit";

    public StepRepetition Repetition => StepRepetition.UntilMoved;

    public async Task<string> RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var (options, record) = (context.Options, context.Record);
        var edit = await FailoverEdits.MakeAsync(options, record, cancellationToken);
        var (change, warning) = await options.Committer.CommitAsync(edit, cancellationToken);
        if (warning is not null)
        {
            context.Tell(new WarningNotice(warning));
        }

        // Where an earlier run has pushed it and could not write it down any more, the message tells which one it is.
        var own = change.Pushed ? change.Commit : await OperationCommit.FindAsync(options, OperationCommit.Line(record.Id), cancellationToken);
        (record.Commit, record.WasInGit) = (own ?? change.Commit, own is null);
        return change.Pushed ? Errors.Text("Detail_StepCommitted", Display.Commit(change.Commit), string.Join(", ", change.Files))
            : own is null ? Errors.Text("Detail_StepCommitNone") : Errors.Text("Detail_StepCommitDone", Display.Commit(own));
    }
}
