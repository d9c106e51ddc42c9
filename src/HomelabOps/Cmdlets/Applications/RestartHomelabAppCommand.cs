using System.Management.Automation;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Cmdlets.Applications;

/// <summary>Restarts applications and waits until the new pods are ready.</summary>
[Cmdlet(VerbsLifecycle.Restart, "HomelabApp", DefaultParameterSetName = ByName, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Restart-HomelabApp.md")]
[OutputType(typeof(HomelabApp))]
[RequiresAccess("get,list,watch,patch", "apps", "*")]
[RequiresAccess("list", "batch", "cronjobs")]
[RequiresAccess("list", "", "events")]
[RequiresAccess("list,watch", "", "pods")]
[RequiresAccess("get", "", "pods/log")]
[RequiresAccess("get,list", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("get,list", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("list", "", "endpoints,nodes,persistentvolumeclaims,persistentvolumes,services")]
[RequiresAccess("list", "batch", "jobs")]
[RequiresAccess("list", "networking.k8s.io", "ingresses")]
[RequiresAccess("get", "source.toolkit.fluxcd.io", "gitrepositories")]
[RequiresAccess("list", "volsync.backube", "replicationdestinations,replicationsources")]
public sealed class RestartHomelabAppCommand : AppChangeCmdlet
{
    /// <summary>Restarts and does not wait.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    private protected override void Act(ClusterClient client, IReadOnlyList<HomelabApp> apps, AppOptions options) => ForEach(apps, app =>
    {
        AppRestarter.Check(app);
        if (ShouldProcess(Messages.AppRestart(app), Messages.AppRestartQuestion(app), Messages.Confirm))
        {
            Drain(stop => AppRestarter.RestartAsync(client, app, options with { NoWait = NoWait }, Journal, stop));
        }
    });
}
