using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Core;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Cmdlets.Flux;

/// <summary>Suspends objects of Flux, and writes down who did it, why and until when.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "FluxResource", DefaultParameterSetName = ByName, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Suspend-FluxResource.md")]
[OutputType(typeof(FluxResource))]
[RequiresAccess("list,patch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,patch", "kustomize.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,patch", "helm.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,patch", "image.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,patch", "notification.toolkit.fluxcd.io", "*")]
public sealed class SuspendFluxResourceCommand : FluxChangeCmdlet
{
    private FluxSuspension _given = new();

    /// <summary>Why.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Reason { get; set; }

    /// <summary>For how long it is meant.</summary>
    [Parameter]
    [Alias("For")]
    [DurationTransformation]
    public TimeSpan? Duration { get; set; }

    private protected override void Begin()
    {
        base.Begin();
        _given = Suspensions.FromNow(Reason, Duration);
    }

    private protected override void Change(ClusterClient client, FluxTargets found)
    {
        foreach (var target in found.Targets)
        {
            try
            {
                FluxSuspender.Check(target);
                var suspension = Suspensions.Over(target.Suspension, _given);
                if (target.Suspended && Reason is null && Duration is null)
                {
                    // What is known of it must not be lost to somebody who knows nothing more.
                    WriteWarning(Messages.FluxSuspendedAlready(target));
                    WriteObject(target);
                }
                else if (ShouldProcess(Messages.FluxSuspend(target, suspension), Messages.FluxSuspendQuestion(target), Messages.Confirm))
                {
                    WriteObject(Await(stop => FluxSuspender.SuspendAsync(client, target, suspension, Journal, stop)));
                }
            }
            catch (HomelabException error) when (!error.Terminates)
            {
                WriteFailure(error);
            }
        }
    }
}
