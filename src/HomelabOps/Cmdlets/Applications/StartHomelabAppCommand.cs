using System.Management.Automation;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Cmdlets.Applications;

/// <summary>Starts applications that were stopped, as they were, and gives them back to Flux.</summary>
[Cmdlet(VerbsLifecycle.Start, "HomelabApp", DefaultParameterSetName = ByName, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Start-HomelabApp.md")]
[OutputType(typeof(HomelabApp))]
[RequiresAccess("get,list,watch,patch", "apps", "*")]
[RequiresAccess("get,list,patch", "batch", "cronjobs")]
[RequiresAccess("list", "", "events")]
[RequiresAccess("list,watch", "", "pods")]
[RequiresAccess("get", "", "pods/log")]
[RequiresAccess("get,list", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("get,list,patch", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("list", "", "endpoints,nodes,persistentvolumeclaims,persistentvolumes,services")]
[RequiresAccess("list", "batch", "jobs")]
[RequiresAccess("list", "networking.k8s.io", "ingresses")]
[RequiresAccess("get", "source.toolkit.fluxcd.io", "gitrepositories")]
[RequiresAccess("list", "volsync.backube", "replicationdestinations,replicationsources")]
public sealed class StartHomelabAppCommand : AppChangeCmdlet
{
    /// <summary>Starts and does not wait.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    private protected override void Act(ClusterClient client, IReadOnlyList<HomelabApp> apps, AppOptions options) => ForEach(apps, app =>
    {
        if (!app.Stopped)
        {
            WriteVerbose(Messages.AppNotStopped(app));
            Tell(app);
        }
        else if (ShouldProcess(Messages.AppStart(app, AppStops.Former(app.Kind, app.StoppedReplicas)), Messages.AppStartQuestion(app), Messages.Confirm))
        {
            Drain(stop => AppStopper.StartAsync(client, app, options with { NoWait = NoWait }, Journal, stop), Tell);
        }
    });

    // Whoever has scaled it to 0, starting it does not help.
    private void Tell(HomelabApp app)
    {
        if (!app.Stopped && app is { Kind: WorkloadTypes.Deployment or WorkloadTypes.StatefulSet, Replicas: 0 })
        {
            WriteWarning(Messages.AppWithoutPods(app));
        }

        WriteObject(app);
    }
}
