using HomelabOps.Core.Operations.Edits;
using HomelabOps.Core.Operations.Gates;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Operations.Steps;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Operations;

/// <summary>
/// Whether what an operation rests on still holds. Between the plan and its first step a person is asked, and between two runs of it there
/// may be days, in which nodes come back and others go on working.
/// </summary>
internal static class OperationStand
{
    /// <summary>Refuses what must not begin or go on.</summary>
    /// <param name="options">How.</param>
    /// <param name="store">The operations.</param>
    /// <param name="record">The operation.</param>
    /// <param name="isMoved">The applications are on the target already.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HomelabException">OperationNotResumable, OperationOpen, OperationOutdated, RolloutGone.</exception>
    public static async Task CheckAsync(FailoverOptions options, OperationStore store, OperationRecord record, bool isMoved, CancellationToken cancellationToken)
    {
        if (!record.IsOpen || record.Undoing)
        {
            throw Errors.OperationNotResumable(record.Id, Errors.Text(record.IsOpen ? "Detail_ResumeUndoing" : "Detail_ResumeDone"));
        }

        var isAlive = record.Kind == OperationKind.Failover && !isMoved && await NodePods.IsReadyAsync(options, record.From, cancellationToken);
        if (record.IsBegun)
        {
            if (isAlive)
            {
                throw Errors.OperationNotResumable(record.Id, Errors.Text("Detail_ResumeAlive", record.From));
            }

            return;
        }

        if (isAlive && !record.Overridden.Contains(SourceNodeGate.GateName, StringComparer.Ordinal))
        {
            throw Errors.OperationOutdated(Errors.Text("Detail_OutdatedAlive", record.From));
        }

        foreach (var app in record.Apps)
        {
            var reference = app.Reference(options.Client.Name);
            if (OperationQuery.FindOthers(store, record).FirstOrDefault(other => other.Apps.Exists(own => own.Kind == app.Kind && own.ToString() == app.ToString())) is { } open)
            {
                throw Errors.OperationOpen(reference, open.Id);
            }

            if (!MovedTemplate.IsFormer(await WorkloadReader.FindAsync(options.Client, reference, cancellationToken) ?? throw Errors.RolloutGone(reference), app))
            {
                throw Errors.OperationOutdated(Errors.Text("Detail_OutdatedClaims", reference, string.Join(", ", app.Claims.Keys)));
            }
        }
    }

    /// <summary>Finds out whether the commit is there: an earlier run may have pushed it and not written it down, and somebody may have taken it back.</summary>
    public static async Task ReadCommitAsync(FailoverOptions options, OperationRecord record, CancellationToken cancellationToken)
    {
        if (!record.Local && (record.Commit ?? await OperationCommit.FindAsync(options, OperationCommit.Line(record.Id), cancellationToken)) is { } made)
        {
            var left = await options.Committer.PreviewAsync(await FailoverEdits.MakeAsync(options, record, cancellationToken), cancellationToken);
            record.Commit = left.Files.Count == 0 ? made : null;
        }
    }

    /// <summary>Refuses to make it so in Git that the applications are on the target, when they are not there any more.</summary>
    /// <exception cref="HomelabException">OperationNotResumable.</exception>
    public static async Task CheckMovedAsync(OperationContext context, CancellationToken cancellationToken)
    {
        foreach (var app in context.Record.Apps)
        {
            if (await WorkloadReader.FindAsync(context.Options.Client, context.Reference(app), cancellationToken) is { } workload && !MovedTemplate.Is(workload, app))
            {
                throw Errors.OperationNotResumable(context.Record.Id, Errors.Text("Detail_ResumeElsewhere", app, context.Record.To));
            }
        }
    }
}
