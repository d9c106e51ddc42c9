using System.Management.Automation;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Reconciling;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Cmdlets.Flux;

/// <summary>Lets Flux reconcile objects now and waits for what comes of it.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "FluxReconcile", DefaultParameterSetName = ByName, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Invoke-FluxReconcile.md")]
[OutputType(typeof(FluxReconcileResult))]
[RequiresAccess("list,watch,patch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "kustomize.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "helm.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "image.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "notification.toolkit.fluxcd.io", "*")]
public sealed class InvokeFluxReconcileCommand : FluxChangeCmdlet
{
    /// <summary>Reconciles the object's source first.</summary>
    [Parameter]
    public SwitchParameter WithSource { get; set; }

    /// <summary>Reconciles sources and parents first, from the top down.</summary>
    [Parameter]
    public SwitchParameter Chain { get; set; }

    /// <summary>Installs or upgrades a HelmRelease even where nothing changed.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Lets a HelmRelease forget its failures.</summary>
    [Parameter]
    public SwitchParameter Reset { get; set; }

    /// <summary>Asks and does not wait.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>Seconds that each object may take.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    private FluxReconcileOptions Options => new()
    {
        WithSource = WithSource,
        Chain = Chain,
        Force = Force,
        Reset = Reset,
        NoWait = NoWait,
        Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
    };

    private protected override void Change(ClusterClient client, FluxTargets found)
    {
        var targets = new List<FluxResource>();
        foreach (var target in found.Targets)
        {
            if (Refusal(target) is { } refusal)
            {
                WriteFailure(refusal);
            }
            else if (ShouldProcess(Messages.FluxReconcile(target, FluxReconcilePlan.Make([target], found.All, Options)), Messages.FluxReconcileQuestion(target), Messages.Confirm))
            {
                targets.Add(target);
            }
        }

        var plan = FluxReconcilePlan.Make(targets, found.All, Options);
        foreach (var step in plan.Steps.Where(step => !step.IsTarget && step.Resource.Suspended))
        {
            // What is applied from a source that stands still is not the newest.
            WriteFailure(Core.Errors.FluxSuspended(step.Resource));
        }

        if (!plan.Steps.Any(step => step.Resource.Suspended))
        {
            Drain(stop => FluxReconciler.RunAsync(client, plan, Options, Journal, stop));
        }
    }

    private static Core.HomelabException? Refusal(FluxResource target) =>
        target.Suspended ? Core.Errors.FluxSuspended(target) : target.Reason == "Static" ? Core.Errors.FluxStatic(target.Reference) : null;
}
