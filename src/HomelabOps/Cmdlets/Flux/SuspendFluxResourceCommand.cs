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
        if (Duration is { } time && (time <= TimeSpan.Zero || time > DateTime.MaxValue - DateTime.Now))
        {
            throw Core.Errors.SuspensionEndInvalid(time);
        }
    }

    private protected override void Change(ClusterClient client, FluxTargets found)
    {
        var given = new FluxSuspension
        {
            By = $"{Environment.UserName}@{Environment.MachineName}",
            Reason = Reason,
            Since = DateTime.Now,
            Until = Duration is { } time ? DateTime.Now + time : null,
        };
        foreach (var target in found.Targets)
        {
            try
            {
                FluxSuspender.Check(target);
                var suspension = FluxSuspensions.Over(target.Suspension, given);
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
