using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Diagnosis.Waiting;
using HomelabOps.Core.Kubernetes.Probing;

namespace HomelabOps.Cmdlets.Cluster;

/// <summary>Waits until a homelab is there again, and tells what is not.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Homelab", HelpUri = HelpPages.Root + "Wait-Homelab.md")]
[OutputType(typeof(HomelabFinding))]
[RequiresAccess("list", "", "namespaces,nodes,pods,persistentvolumeclaims,persistentvolumes,configmaps,secrets,serviceaccounts,services,endpoints,events")]
[RequiresAccess("create,delete,watch", "", "pods")]
[RequiresAccess("create,get", "", "pods/portforward")]
[RequiresAccess("get", "", "pods/log,secrets,pods/proxy")]
[RequiresAccess("list", "apps", "deployments,statefulsets,daemonsets")]
[RequiresAccess("list", "batch", "cronjobs,jobs")]
[RequiresAccess("list", "coordination.k8s.io", "leases")]
[RequiresAccess("list", "networking.k8s.io", "ingressclasses,ingresses")]
[RequiresAccess("list", "storage.k8s.io", "storageclasses")]
[RequiresAccess("list", "volsync.backube", "replicationsources,replicationdestinations")]
[RequiresAccess("list", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list", "kustomize.toolkit.fluxcd.io", "*")]
[RequiresAccess("list", "helm.toolkit.fluxcd.io", "*")]
[RequiresAccess("get", "", "configmaps,namespaces,services")]
[RequiresAccess("list", "admissionregistration.k8s.io", "validatingwebhookconfigurations")]
[RequiresAccess("get", "apiextensions.k8s.io", "customresourcedefinitions")]
[RequiresAccess("watch", "coordination.k8s.io", "leases")]
[RequiresAccess("list", "discovery.k8s.io", "endpointslices")]
[RequiresAccess("list", "image.toolkit.fluxcd.io", "*")]
[RequiresAccess("create,list", "metallb.io", "ipaddresspools")]
[RequiresAccess("list", "metallb.io", "bgppeers")]
[RequiresAccess("list", "metrics.k8s.io", "pods")]
[RequiresAccess("list", "notification.toolkit.fluxcd.io", "*")]
[RequiresAccess("list", "rbac.authorization.k8s.io", "clusterrolebindings,clusterroles,rolebindings,roles")]
[RequiresAccess("list", "traefik.io", "middlewares")]
public sealed class WaitHomelabCommand : ClusterCmdlet
{
    /// <summary>Parts of the homelab.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public HomelabArea[] Area { get; set; } = [];

    /// <summary>Seconds that all of it may take.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    /// <summary>Image of the pods that look at nodes.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "one that the node has")]
    public string? Image { get; set; }

    /// <summary>Namespace of these pods.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [PSDefaultValue(Help = ProbeOptions.UsualNamespace)]
    public string ProbeNamespace { get; set; } = ProbeOptions.UsualNamespace;

    private protected override void End()
    {
        var query = new HomelabTestQuery { Areas = Area, Config = Config(), Probe = new() { Namespace = ProbeNamespace, Image = Image } };
        DrainClusters((client, stop) => HomelabWaiter.WaitAsync(client, query, TimeSpan.FromSeconds(TimeoutSeconds), stop));
    }
}
