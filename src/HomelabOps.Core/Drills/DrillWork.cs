using HomelabOps.Core.Applications;
using HomelabOps.Core.Applications.Edits;
using HomelabOps.Core.Delivery;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.GitOps.History;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Recovery.Restoring;
using HomelabOps.Core.Repairs;
using HomelabOps.Core.Streaming;
using LibGit2Sharp;

namespace HomelabOps.Core.Drills;

/// <summary>Works remedies, each by the services of the cmdlet that a person would type.</summary>
/// <param name="ground">The homelab.</param>
/// <param name="folder">Where journal and operations of the drills are: what a drill does is over with it, and must not be what an undo finds later.</param>
internal sealed class DrillWork(IDrillGround ground, string folder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    // More than a minute of the homelab's time, in which it would have come to it.
    private static readonly TimeSpan FluxPatience = TimeSpan.FromSeconds(2);

    // What applications of the embedded homelab have.
    private static readonly Dictionary<string, string> Memory = new(StringComparer.Ordinal) { ["requests.memory"] = "64Mi", ["limits.memory"] = "1Gi" };

    private readonly ChangeJournal _journal = new(Path.Combine(folder, "journal"));
    private readonly OperationStore _operations = new(Path.Combine(folder, "operations"));

    private RepositoryCommitter Committer => new(RepositoryLocation.OfFolder(ground.Repository), _journal);

    /// <summary>Does what is to be done.</summary>
    /// <param name="action">What.</param>
    /// <param name="scenario">What is rehearsed.</param>
    /// <param name="fault">What is broken.</param>
    /// <param name="finding">What was found of it.</param>
    /// <param name="begin">Lets time pass from now on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="HomelabException">What the services throw; DrillRemedyMissing.</exception>
    public Task<string> RunAsync(DrillAction action, DrillScenario scenario, IDrillFault fault, HomelabFinding finding, Action begin, CancellationToken cancellationToken)
    {
        if (!Commits(action))
        {
            begin();
        }

        var app = DrillScenario.NameOf(fault.Target);
        return action switch
        {
            DrillAction.ByHand => EndAsync(fault, cancellationToken),
            DrillAction.Repair => RepairAsync(finding, cancellationToken),
            DrillAction.Revert => CommitAsync((git, tip) => RevertEdit.Of(git, tip, tip.Sha), begin, cancellationToken),
            DrillAction.RestoreManifest => CommitAsync((git, tip) => RestoreFinder.Find(git, tip, new ManifestScope([app], []), cancellationToken) ?? throw Errors.DrillRemedyMissing(finding), begin, cancellationToken),
            DrillAction.SetImage => CommitAsync((git, tip) => new SetImageEdit(new() { App = new ResourcePattern(app) }, FormerImage(git, tip, app)), begin, cancellationToken),
            DrillAction.SetMemory => CommitAsync((_, _) => new SetResourcesEdit(new() { App = new ResourcePattern(app) }, Memory, null), begin, cancellationToken),
            DrillAction.RestoreCluster => RestoreClusterAsync(cancellationToken),
            DrillAction.Failover => MoveAsync(scenario.App, new() { Fence = FailoverFence.None }, cancellationToken),
            _ => MoveAsync(scenario.App, new() { Kind = OperationKind.Failback, To = scenario.Node }, cancellationToken),
        };
    }

    // Others have nothing to do until the commit is there.
    private static bool Commits(DrillAction action) => action is DrillAction.Revert or DrillAction.RestoreManifest or DrillAction.SetImage or DrillAction.SetMemory;

    private static async Task<string> EndAsync(IDrillFault fault, CancellationToken cancellationToken)
    {
        await fault.EndAsync(cancellationToken);
        return Errors.Text("Detail_DrillByHand");
    }

    // What it was before the last commit, as its history tells.
    private static string FormerImage(Repository git, Commit tip, string app)
    {
        var view = ManifestView.Read(new GitTreeFiles(git, tip.Parents.First().Tree), []);
        var former = new AppTarget { App = new ResourcePattern(app) }.Find(view, app);
        return view.Fields(former).First(field => field.Field == ManifestField.Image).Value;
    }

    private static async Task DrainAsync<T>(IAsyncEnumerable<Streamed<T>> items, Action<T>? take = null)
    {
        await foreach (var item in items)
        {
            if (item.Notice is FailureNotice failure)
            {
                throw failure.Error;
            }

            if (item.Value is { } value)
            {
                take?.Invoke(value);
            }
        }
    }

    private async Task<string> RepairAsync(HomelabFinding finding, CancellationToken cancellationToken)
    {
        var repair = finding.Repair ?? throw Errors.DrillRemedyMissing(finding);
        await foreach (var _ in new HomelabRepairer(ground.Client, new() { Config = ground.Config, Repository = ground.Repository, Timeout = Patience }, _journal).RunAsync(repair, cancellationToken))
        {
        }

        return repair.ToString();
    }

    private async Task<string> CommitAsync(Func<Repository, Commit, IRepositoryEdit> make, Action begin, CancellationToken cancellationToken)
    {
        var edit = await Committer.ReadAsync((git, tip, _) => make(git, tip), cancellationToken);
        GitOpsChange? change = null;
        await DrainAsync(EditDelivery.RunAsync(ground.Client, Committer, edit, Patience, _journal, cancellationToken), made =>
        {
            change = made;
            begin();
        });
        return change!.ToString();
    }

    private async Task<string> RestoreClusterAsync(CancellationToken cancellationToken)
    {
        var options = new RestoreOptions
        {
            Client = ground.Client,
            Config = ground.Config,
            Repository = RepositoryLocation.OfFolder(ground.Repository),
            Journal = _journal,
            Login = DrillKey.Make(folder),
            Timeout = Patience,
        };
        var (plan, recovered) = (await RestorePlan.MakeAsync(options, cancellationToken), default(RecoveryResult));
        await DrainAsync(new ClusterRestorer(options, plan) { Hosts = DrillKey.Hosts(folder, plan.Install.Url) }.RunAsync(cancellationToken), result => recovered = result);
        return Errors.Text("Detail_DrillRecovered", recovered!.Repository, Display.Revision(recovered.Revision), plan.Install.Kustomizations.Count);
    }

    private async Task<string> MoveAsync(string app, FailoverRequest request, CancellationToken cancellationToken)
    {
        var options = new FailoverOptions { Client = ground.Client, Config = ground.Config, Repository = RepositoryLocation.OfFolder(ground.Repository), Journal = _journal, Timeout = Patience, FluxPatience = FluxPatience };
        var plans = await PlanAsync(options, app, request, cancellationToken);
        foreach (var plan in plans)
        {
            await DrainAsync(new OperationRunner(options, _operations).RunAsync(plan.Record, cancellationToken));
        }

        return string.Join(", ", plans.Select(plan => $"{plan.Record.From} -> {plan.Record.To}"));
    }

    // Who brings an application home waits until its node has come up and its data is there; gates that are shut for another reason stay so.
    private async Task<IReadOnlyList<FailoverPlan>> PlanAsync(FailoverOptions options, string app, FailoverRequest request, CancellationToken cancellationToken)
    {
        var (began, patience) = (TimeProvider.System.GetTimestamp(), request.Kind == OperationKind.Failback ? Patience : TimeSpan.Zero);
        while (true)
        {
            var found = await AppTargets.FindAsync(ground.Client, [new ResourcePattern(app)], new AppQuery { Config = ground.Config }, cancellationToken);
            var (plans, _, notices) = await FailoverPlan.MakeAsync(options, _operations, found.Targets, request, cancellationToken);
            if (notices.OfType<FailureNotice>().FirstOrDefault() is not { } failure)
            {
                return plans;
            }

            if (failure.Error.Id != nameof(Errors.FailoverPreconditionFailed) || TimeProvider.System.GetElapsedTime(began) > patience)
            {
                throw failure.Error;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }
}
