using System.Management.Automation;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Cmdlets.Applications;

/// <summary>Asks applications for a page, through a port-forward that is opened and closed.</summary>
[Cmdlet(VerbsDiagnostic.Test, "HomelabApp", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Test-HomelabApp.md")]
[OutputType(typeof(HomelabAppProbe))]
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
public sealed class TestHomelabAppCommand : AppChangeCmdlet
{
    /// <summary>Page to ask for.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "/")]
    public string Path { get; set; } = "/";

    /// <summary>Port of the pods.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int? Port { get; set; }

    private protected override bool IsChange => false;

    private protected override void Act(ClusterClient client, IReadOnlyList<HomelabApp> apps, AppOptions options) =>
        DrainSeparately(apps, (app, stop) => AppForwarding.ProbeAsync(client, app.Reference, Path, Port, options.Timeout, stop), null);
}
