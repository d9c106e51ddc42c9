using System.Diagnostics;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using HomelabOps.Completion;
using HomelabOps.Core.Drills;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Sandbox;
using HomelabOps.Sandbox.Drills;

namespace HomelabOps.Cmdlets.Operations;

/// <summary>Breaks the embedded homelab on purpose, and works the runbook.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "HomelabDrill", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Invoke-HomelabDrill.md")]
[OutputType(typeof(DrillResult))]
[RequiresAccess("", "", "")]
public sealed class InvokeHomelabDrillCommand : HomelabCmdlet
{
    // As few as have one of every kind.
    private const int Apps = 11;

    /// <summary>Names of drills, with wildcards.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DrillCompleter))]
    [SupportsWildcards]
    public string[] Scenario { get; set; } = [];

    private protected override void End()
    {
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

    // Of its own, so that the assembly is loaded only here.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Run(List<DrillScenario> scenarios)
    {
        var (began, passed, done) = (Stopwatch.GetTimestamp(), 0, 0);
        using var own = Session.Default is null ? Await(stop => EmbeddedHomelab.StartAsync(new SandboxOption { Apps = Apps }, stop)) : null;
        using var client = own is null ? null : new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([own.KubeConfigPath]), null));
        var ground = new SandboxGround(own ?? (EmbeddedHomelab)Session.Default!.Homelab!, client ?? Session.Default!.Client);
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
