using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Diagnosis.Waiting;

namespace HomelabOps.Cmdlets.Cluster;

/// <summary>Finds what is wrong with a homelab, and tells it by its causes.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Homelab", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Test-Homelab.md")]
[OutputType(typeof(HomelabFinding), typeof(bool))]
[RequiresAccess("list", "", "namespaces,nodes,pods,persistentvolumeclaims,persistentvolumes,configmaps,secrets,serviceaccounts,services,endpoints,events")]
[RequiresAccess("get", "", "configmaps,namespaces,secrets,services,pods/log,pods/proxy")]
[RequiresAccess("create,delete,watch", "", "pods")]
[RequiresAccess("create,get", "", "pods/portforward")]
[RequiresAccess("list", "apps", "deployments,statefulsets,daemonsets")]
[RequiresAccess("list", "batch", "cronjobs,jobs")]
[RequiresAccess("list,watch", "coordination.k8s.io", "leases")]
[RequiresAccess("list", "metallb.io", "bgppeers,ipaddresspools")]
[RequiresAccess("list", "metrics.k8s.io", "pods")]
[RequiresAccess("list", "networking.k8s.io", "ingressclasses,ingresses")]
[RequiresAccess("list", "storage.k8s.io", "storageclasses")]
[RequiresAccess("list", "traefik.io", "middlewares")]
[RequiresAccess("list", "volsync.backube", "replicationsources,replicationdestinations")]
[RequiresAccess("list", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list", "kustomize.toolkit.fluxcd.io", "*")]
[RequiresAccess("list", "helm.toolkit.fluxcd.io", "*")]
[RequiresAccess("list", "image.toolkit.fluxcd.io", "*")]
[RequiresAccess("list", "notification.toolkit.fluxcd.io", "*")]
[RequiresAccess("list", "admissionregistration.k8s.io", "validatingwebhookconfigurations")]
[RequiresAccess("get", "apiextensions.k8s.io", "customresourcedefinitions")]
[RequiresAccess("list", "discovery.k8s.io", "endpointslices")]
[RequiresAccess("create", "metallb.io", "ipaddresspools")]
[RequiresAccess("list", "rbac.authorization.k8s.io", "clusterrolebindings,clusterroles,rolebindings,roles")]
public sealed class TestHomelabCommand : ProbeCmdlet
{
    private const string Watching = "Watch";

    private bool _isWell = true;

    /// <summary>Applications that may be met.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [Parameter(Position = 0, ParameterSetName = Watching)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AppCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] App { get; set; } = [];

    /// <summary>Parts of the homelab.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public HomelabArea[] Area { get; set; } = [];

    /// <summary>Whether all is well, instead of what is not.</summary>
    [Parameter(ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByRecord)]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Goes on with what comes and goes until stopped.</summary>
    [Parameter(ParameterSetName = Watching, Mandatory = true)]
    public SwitchParameter Watch { get; set; }

    /// <summary>Also what comes from another finding.</summary>
    [Parameter]
    public SwitchParameter IncludeConsequence { get; set; }

    /// <summary>Seconds that each node may take.</summary>
    [Parameter]
    [ValidateRange(3, 3600)]
    public int ProbeTimeoutSeconds { get; set; } = 15;

    private protected override void Process()
    {
        if (InputObject is not null)
        {
            CollectNamed(_ => true, "applications");
        }
    }

    private protected override void End()
    {
        var query = new HomelabTestQuery
        {
            Areas = Area,
            Apps = App,
            IncludeConsequence = IncludeConsequence,
            Config = Config(),
            Probe = Probe with { Timeout = TimeSpan.FromSeconds(ProbeTimeoutSeconds) },
        };
        if (Watch)
        {
            DrainClusters<HomelabFinding>((client, stop) => HomelabWatcher.WatchAsync(client, query.For(client), stop));
        }
        else if (ParameterSetName == ByName)
        {
            DrainClusters<HomelabFinding>((client, stop) => HomelabTester.TestAsync(client, query.For(client), stop), Tell);
        }
        else
        {
            DrainCollected<HomelabFinding>((client, apps, stop) => HomelabTester.TestAsync(client, query.For(client) with { Apps = apps }, stop), Tell);
        }

        if (Quiet)
        {
            WriteObject(_isWell && !HasFailed);
        }
    }

    // What is only good to know does not make a homelab unwell.
    private void Tell(HomelabFinding finding)
    {
        _isWell &= finding.Severity == FindingSeverity.Info;
        if (!Quiet)
        {
            WriteObject(finding);
        }
    }
}
