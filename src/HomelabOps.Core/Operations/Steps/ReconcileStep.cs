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

    // What is not stopped starts with its new claims while Flux is waited for.
    public Task<string> RunAsync(OperationContext context, CancellationToken cancellationToken) => TargetPods.NotingAsync(context, () => BringAsync(context, cancellationToken), cancellationToken);

    private static async Task<string> BringAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var (options, commit) = (context.Options, context.Record.Commit!);
        var writers = context.Record.References(options.Client.Name, app => app.Writers.Concat(app.Halted));
        var apps = context.Record.Apps.ConvertAll(context.Reference);
        var direct = context.Record.Local
            ? await HoldAsync(context, commit, apps, writers, cancellationToken)
            : await new CommitArrival(options.Client, options.Committer, options.Patterns, options.Journal, options.Timeout) { Patience = options.FluxPatience }.BringAsync(commit, apps, writers, options.Repository.Folder, cancellationToken);

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

        return direct.Count == 0 ? Errors.Text("Detail_StepReconciled", Display.Commit(commit)) : Errors.Text(context.Record.Local ? "Detail_StepReconciledLocally" : "Detail_StepReconciledDirectly", Display.Commit(commit), string.Join(", ", direct));
    }

    // Flux fetches nothing, and would put back what it fetched last. What is stopped gets its new claims when it is started.
    private static async Task<IReadOnlyList<ResourceReference>> HoldAsync(OperationContext context, string commit, IReadOnlyList<ResourceReference> apps, IReadOnlyList<ResourceReference> writers, CancellationToken cancellationToken)
    {
        var options = context.Options;
        await FluxHold.TakeAsync(context, apps.Concat(writers), cancellationToken);
        await new DirectApply(options.Client, options.Committer, options.Patterns, options.Journal).RunAsync(context.Record.Kind == OperationKind.Failover ? apps : [], writers, commit, cancellationToken);
        return apps;
    }
}
