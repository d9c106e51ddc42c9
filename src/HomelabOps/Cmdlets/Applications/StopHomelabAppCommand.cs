using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Cmdlets.Applications;

/// <summary>Stops applications so that Flux does not start them again, and writes down who did it, why and until when.</summary>
[Cmdlet(VerbsLifecycle.Stop, "HomelabApp", DefaultParameterSetName = ByName, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Stop-HomelabApp.md")]
[OutputType(typeof(HomelabApp))]
[RequiresAccess("get,list,watch,patch", "apps", "*")]
[RequiresAccess("get,list,patch", "batch", "cronjobs")]
[RequiresAccess("list", "", "events")]
[RequiresAccess("list,watch", "", "pods")]
[RequiresAccess("get,list", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("get,list,patch", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("list", "", "endpoints,nodes,persistentvolumeclaims,persistentvolumes,services")]
[RequiresAccess("list", "batch", "jobs")]
[RequiresAccess("list", "networking.k8s.io", "ingresses")]
[RequiresAccess("get", "source.toolkit.fluxcd.io", "gitrepositories")]
[RequiresAccess("list", "volsync.backube", "replicationdestinations,replicationsources")]
public sealed class StopHomelabAppCommand : AppChangeCmdlet
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

    /// <summary>Stops and does not wait.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    private protected override void Begin()
    {
        base.Begin();
        _given = Suspensions.FromNow(Reason, Duration);
    }

    private protected override void Act(ClusterClient client, IReadOnlyList<HomelabApp> apps, AppOptions options)
    {
        ForEach(apps, app =>
        {
            if (app.Stopped && Reason is null && Duration is null)
            {
                // What is known of it must not be lost to somebody who knows nothing more.
                WriteWarning(Messages.AppStoppedAlready(app));
                WriteObject(app);
                return;
            }

            var stop = Suspensions.Over(app.Stop, _given);
            if (ShouldProcess(Messages.AppStop(app, stop), Messages.AppStopQuestion(app), Messages.Confirm))
            {
                Drain(token => AppStopper.StopAsync(client, app, stop, options with { NoWait = NoWait }, Journal, token));
            }
        });
    }
}
