using System.Management.Automation;
using HomelabOps.Core;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Reconciling;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Cmdlets.Flux;

/// <summary>Resumes suspended objects of Flux and waits until they are reconciled.</summary>
[Cmdlet(VerbsLifecycle.Resume, "FluxResource", DefaultParameterSetName = ByName, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Resume-FluxResource.md")]
[OutputType(typeof(FluxResource))]
[RequiresAccess("list,watch,patch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "kustomize.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "helm.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "image.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "notification.toolkit.fluxcd.io", "*")]
public sealed class ResumeFluxResourceCommand : FluxChangeCmdlet
{
    /// <summary>Resumes and does not wait.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>Resumes also what an operation keeps suspended. Flux takes back then what the operation has done.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Seconds that each object may take.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    private FluxReconcileOptions Options => new() { NoWait = NoWait, Timeout = TimeSpan.FromSeconds(TimeoutSeconds) };

    private protected override void Change(ClusterClient client, FluxTargets found)
    {
        foreach (var target in found.Targets)
        {
            try
            {
                FluxSuspender.Check(target);
                if (!Force)
                {
                    FluxSuspender.CheckHold(target);
                }

                if (!target.Suspended)
                {
                    WriteVerbose(Messages.FluxNotSuspended(target));
                    WriteObject(target);
                }
                else if (ShouldProcess(Messages.FluxResume(target), Messages.FluxResumeQuestion(target), Messages.Confirm))
                {
                    Drain(stop => FluxSuspender.ResumeAsync(client, target, Options, Journal, stop));
                }
            }
            catch (HomelabException error) when (!error.Terminates)
            {
                WriteFailure(error);
            }
        }
    }
}
