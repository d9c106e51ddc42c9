using System.Globalization;
using System.Text;
using HomelabOps.Core.Operations.Edits;
using HomelabOps.Core.Operations.Gates;
using HomelabOps.Core.Operations.Planning;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Operations.Steps;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Operations;

/// <summary>Applications that leave one node for another, what was found of them, and what would be done.</summary>
internal sealed record FailoverPlan
{
    /// <summary>The operation, which is not begun.</summary>
    public required OperationRecord Record { get; init; }

    /// <summary>What was found of each application that is moved.</summary>
    public required IReadOnlyList<FailoverReadiness> Readiness { get; init; }

    /// <summary>What Git would change.</summary>
    public required GitOpsChange Change { get; init; }

    /// <summary>Works out how applications are moved, a plan for each pair of nodes.</summary>
    /// <param name="options">How.</param>
    /// <param name="store">The operations; an application of one that is not done is an error.</param>
    /// <param name="apps">The applications.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <returns>The plans; a record of each application that is where it should be; and what is to be told. One that does not pass its gates is an error, and the others go on.</returns>
    /// <exception cref="HomelabException">LocalCloneRequired, NodeNotFound, FenceUnknown, FenceImpossible, OutOfServiceUnproven, OutOfServiceUnsupported, OperationUnreadable, JournalTooNew, AccessDenied.</exception>
    public static async Task<(IReadOnlyList<FailoverPlan> Plans, IReadOnlyList<FailoverResult> Done, IReadOnlyList<Notice> Notices)> MakeAsync(FailoverOptions options, OperationStore store, IReadOnlyList<HomelabApp> apps, FailoverRequest request, CancellationToken cancellationToken)
    {
        options = request.Local ? LocalCommit.Of(options, null) : options;
        if (request.OutOfService)
        {
            await NodeGivingUp.CheckAsync(options.Client, request, cancellationToken);
        }

        var reader = new FailoverReader(options);

        // Another one on top of an open one could be taken back, and the first one would stay in Git.
        var (server, identity) = (OperationQuery.ServerOf(options.Client), await OperationQuery.IdentityOfAsync(options.Client, cancellationToken));
        bool IsHere(OperationRecord record) => OperationQuery.IsOf(record, server, identity);
        var open = apps.ToLookup(app => OperationQuery.FindOpen(store, IsHere, app)?.Id ?? "");
        reader.Notices.AddRange(open.Where(group => group.Key.Length > 0).SelectMany(group => group.Select(app => new FailureNotice(Errors.OperationOpen(app.Reference, group.Key)))));
        if (apps.Count > 0 && !open[""].Any())
        {
            return ([], [], reader.Notices);
        }

        var to = request.To ?? (request.Kind == OperationKind.Failback ? options.Config.PrimaryNode : null);
        var cases = await reader.ReadCasesAsync([.. open[""]], request.From, to, cancellationToken);

        // Only a way home lets go on what others have silenced.
        var halted = request.Kind == OperationKind.Failback ? OperationQuery.FindHalted(store, IsHere) : new HashSet<string>();
        var (silent, paused) = request.Kind == OperationKind.Failback ? await SilentHomes.FindAsync(reader, options.Config, cases, halted, cancellationToken) : ([], []);
        reader.Notices.AddRange(paused.Select(left => new WarningNotice(Errors.Text("FailbackStaysPaused", left.Item.App.Reference, left.Item.From, left.Replication.Reference))));
        var done = cases.Where(item => item is { AtTarget: true, IsStranded: false } && !silent.Any(other => other.App.Reference == item.App.Reference)).Select(item => Done(options, item)).ToList();
        foreach (var item in cases.Where(item => item.IsStranded))
        {
            // That it is there already is no comfort where it does not run.
            reader.Notices.Add(new FailureNotice(Errors.FailoverPreconditionFailed(item.App.Reference, item.To, [StrandedGate.Check(item, options.Config)])));
        }

        List<FailoverCase> moving = [.. cases.Where(item => !item.AtTarget), .. silent];
        if (moving.Count == 0)
        {
            return ([], done, reader.Notices);
        }

        var facts = await reader.ReadFactsAsync(moving, request.Kind, cancellationToken) with { Holders = request.Local ? [.. store.Read(_ => { }).Where(record => record.IsOpen && IsHere(record)).Select(record => record.Id)] : [] };
        var notices = new List<Notice>(reader.Notices);
        var ready = new List<(FailoverCase Item, FailoverReadiness Readiness)>();
        foreach (var item in moving)
        {
            var readiness = FailoverTester.Of(item, facts);
            var failed = readiness.Gates.Where(gate => !gate.Passed && !(gate.CanBeOverridden && request.Overrides.Contains(gate.Name, StringComparer.OrdinalIgnoreCase))).ToList();
            if (failed.Count > 0)
            {
                notices.Add(new FailureNotice(Errors.FailoverPreconditionFailed(readiness.Reference, readiness.To, failed)));
            }
            else
            {
                ready.Add((item, readiness));
            }
        }

        var plans = new List<FailoverPlan>();
        foreach (var group in ready.GroupBy(entry => (entry.Item.From, entry.Item.To)))
        {
            // What the fence would fail for is known before anything is begun.
            _ = request is { Kind: OperationKind.Failover, Fence: FailoverFence.Proxmox } ? FenceStep.Find(options.Config, group.Key.From) : null;
            var fence = request.Kind != OperationKind.Failover ? (FailoverFence?)null : request.Fence ?? FenceOf(options.Config, group.Key.From);
            var record = OperationPlan.Make(options, request, [.. group.Select(entry => entry.Item)], [.. group.Select(entry => entry.Readiness)], fence);
            notices.AddRange(group.Where(entry => request.Kind == OperationKind.Failback && OperationPlan.Leaves(entry.Readiness)).SelectMany(entry => Left(entry.Item)));
            record.ClusterId = identity;
            record.Apps.ForEach(app => app.Halted.RemoveAll(writer => !halted.Contains(writer.ToString())));
            plans.Add(new()
            {
                Record = record,
                Readiness = [.. group.Select(entry => entry.Readiness)],
                Change = await options.Committer.PreviewAsync(await FailoverEdits.PreviewAsync(options, record, cancellationToken), cancellationToken),
            });
        }

        return (plans, done, notices);
    }

    /// <summary>Gates, steps, what is lost and the diff, for people.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        foreach (var item in Readiness)
        {
            text.AppendLine(Errors.Text("Detail_PlanApp", item.Reference, item.From, item.To, Loss(item)));
            foreach (var gate in item.Gates)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  {(gate.Passed ? "+" : "-")} {gate.Name}: {gate.Message}");
            }
        }

        text.AppendLine(Errors.Text("Detail_PlanSteps", string.Join(" -> ", Record.Steps.Select(step => step.Name))));
        return text.Append(Change.Diff).ToString().ReplaceLineEndings("\n");
    }

    private string Loss(FailoverReadiness item) => Record.Stays ? Errors.Text("Detail_PlanStays") : item.DataLossWindow is not { } window ? Errors.Text("Detail_PlanLossUnknown")
        : window == TimeSpan.Zero ? Errors.Text("Detail_PlanLossNone") : Errors.Text("Detail_PlanLoss", Display.Duration(window));

    private static IEnumerable<WarningNotice> Left(FailoverCase item) =>
        item.Replications.Where(replication => replication.State == ReplicationState.Paused && item.IsReturn(replication))
            .Select(replication => new WarningNotice(Errors.Text("FailbackLeft", item.App.Reference, item.From, replication.Reference)));

    // The surest of what can be done.
    private static FailoverFence FenceOf(HomelabConfig config, string node) =>
        config.Nodes.Any(known => known.Name == node && known.SshHost is { Length: > 0 } && known.Kind != HomelabNodeKind.Host) ? FailoverFence.Proxmox : FailoverFence.Confirm;

    private static FailoverResult Done(FailoverOptions options, FailoverCase item) => new()
    {
        Cluster = options.Client.Name,
        Kind = item.App.Kind,
        Namespace = item.App.Namespace,
        Name = item.App.Name,
        From = item.From,
        To = item.To,
        Status = FailoverStatus.Completed,
        Message = Errors.Text("Detail_FailoverDone", item.To),
    };
}
