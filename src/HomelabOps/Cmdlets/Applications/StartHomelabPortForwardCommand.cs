using System.Management.Automation;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Cmdlets.Applications;

/// <summary>Forwards ports of this machine to applications.</summary>
[Cmdlet(VerbsLifecycle.Start, "HomelabPortForward", DefaultParameterSetName = ByName, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Start-HomelabPortForward.md")]
[OutputType(typeof(HomelabPortForward))]
[RequiresAccess("get,list", "apps", "*")]
[RequiresAccess("list", "batch", "cronjobs")]
[RequiresAccess("list", "", "pods")]
[RequiresAccess("create,get", "", "pods/portforward")]
[RequiresAccess("list", "", "endpoints,nodes,persistentvolumeclaims,persistentvolumes,services")]
[RequiresAccess("list", "batch", "jobs")]
[RequiresAccess("get", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("get", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("list", "networking.k8s.io", "ingresses")]
[RequiresAccess("get", "source.toolkit.fluxcd.io", "gitrepositories")]
[RequiresAccess("list", "volsync.backube", "replicationdestinations,replicationsources")]
public sealed class StartHomelabPortForwardCommand : AppChangeCmdlet
{
    /// <summary>Port of this machine.</summary>
    [Parameter]
    [ValidateRange(0, 65535)]
    public int LocalPort { get; set; }

    /// <summary>Port of the pods.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int? RemotePort { get; set; }

    private protected override bool IsChange => false;

    private protected override void Act(ClusterClient client, IReadOnlyList<HomelabApp> apps, AppOptions options) => ForEach(apps, app =>
    {
        if (ShouldProcess(Messages.PortForwardStart(app), Messages.PortForwardStart(app), Messages.Confirm))
        {
            var forward = Await(stop => AppForwarding.StartAsync(client, app.Reference, LocalPort, RemotePort, stop));
            Forwards.Add(forward);
            WriteObject(forward.Record);
        }
    });
}
