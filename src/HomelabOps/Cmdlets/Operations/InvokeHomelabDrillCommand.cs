using System.Diagnostics;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using HomelabOps.Completion;
using HomelabOps.Core.Drills;
using HomelabOps.Core.Drills.Copying;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Operations;
using HomelabOps.Rendering;
using HomelabOps.Sandbox;
using HomelabOps.Sandbox.Copying;
using HomelabOps.Sandbox.Drills;

namespace HomelabOps.Cmdlets.Operations;

/// <summary>Breaks the embedded homelab on purpose, or a copy of one's own, and works the runbook.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "HomelabDrill", SupportsShouldProcess = true, DefaultParameterSetName = OnSandbox, HelpUri = HelpPages.Root + "Invoke-HomelabDrill.md")]
[OutputType(typeof(DrillResult))]
[RequiresAccess("get,list", "*", "*")]
public sealed class InvokeHomelabDrillCommand : HomelabCmdlet
{
    private const string OnSandbox = "Sandbox";
    private const string OnCopy = "FromCluster";

    // As few as have one of every kind.
    private const int Apps = 11;

    /// <summary>Names of drills, with wildcards.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = OnSandbox)]
    [Parameter(Position = 0, ParameterSetName = OnCopy)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DrillCompleter))]
    [SupportsWildcards]
    public string[] Scenario { get; set; } = [];

    /// <summary>On a copy of the connected cluster and of its repository.</summary>
    [Parameter(Mandatory = true, ParameterSetName = OnCopy)]
    public SwitchParameter FromCluster { get; set; }

    /// <summary>Applications that are moved there.</summary>
    [Parameter(ParameterSetName = OnCopy)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AppCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] App { get; set; } = [];

    /// <summary>The working copy, or a folder in it; or the address of a remote.</summary>
    [Parameter(ParameterSetName = OnCopy)]
    [ValidateNotNullOrEmpty]
    public string? Repository { get; set; }

    private protected override void End()
    {
        if (FromCluster)
        {
            Rehearse(CopyDrills.Scenarios(Scenario));
            return;
        }

        var scenarios = DrillCatalog.Find(Scenario);
        if (Session.Default is { Homelab: null } real)
        {
            throw Core.Errors.DrillSandboxOnly(real.Connection.Name);
        }

        var chosen = scenarios.Where(scenario => ShouldProcess(Messages.Drill(scenario), Messages.DrillQuestion(scenario), Messages.Confirm)).ToList();
        if (chosen.Count > 0)
        {
            Run(chosen);
        }
    }

    private void Rehearse(IReadOnlyList<DrillScenario> scenarios)
    {
        var (client, config) = (Session.Default?.Client ?? throw Core.Errors.NoConnection(), LoadConfig());
        var repository = RepositoryFolder.Locate(Repository, FullPath, client, config, WorkingFolder);
        var options = new FailoverOptions { Client = client, Config = config, Repository = repository, Journal = ChangeJournal.ForUser() };
        var plan = Await(stop => CopyPlan.MakeAsync(options, scenarios, App, stop));
        plan.Notices.ToList().ForEach(notice => Notices.Write(this, notice));
        if (ShouldProcess(Messages.DrillCopy(plan), Messages.DrillCopyQuestion(plan), Messages.Confirm))
        {
            RunOnCopy(plan);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RunOnCopy(CopyPlan plan)
    {
        using var copy = Await(stop => HomelabCopy.StartAsync(plan, stop));
        copy.Unserved.ToList().ForEach(kind => WriteWarning(Core.Errors.Text("DrillCopyUnserved", kind)));
        using var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([copy.KubeConfigPath]), null));
        Run(new CopyGround(copy, client), plan.Drills);
    }

    // Of its own, so that the assembly is loaded only here.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Run(List<DrillScenario> scenarios)
    {
        using var own = Session.Default is null ? Await(stop => EmbeddedHomelab.StartAsync(new SandboxOption { Apps = Apps }, stop)) : null;
        using var client = own is null ? null : new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([own.KubeConfigPath]), null));
        Run(new SandboxGround(own ?? (EmbeddedHomelab)Session.Default!.Homelab!, client ?? Session.Default!.Client), scenarios);
    }

    private void Run(IDrillGround ground, IReadOnlyList<DrillScenario> scenarios)
    {
        var (began, passed, done) = (Stopwatch.GetTimestamp(), 0, 0);
        Drain(stop => new DrillRunner(ground).RunAsync(scenarios, stop), result =>
        {
            (passed, done) = (passed + (result.Passed ? 1 : 0), done + 1);
            WriteObject(result);
        });
        if (scenarios.Count > 1)
        {
            WriteInformation(Messages.DrillScore(passed, done, Stopwatch.GetElapsedTime(began)), ["PSHOST"]);
        }
    }
}
