using System.Management.Automation;
using HomelabOps.Core.Operations;

namespace HomelabOps.Cmdlets.Operations;

/// <summary>Brings applications home after a failover: their data first, while they run on, and then they themselves.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "HomelabFailback", DefaultParameterSetName = ByName, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = HelpPages.Root + "Invoke-HomelabFailback.md")]
[OutputType(typeof(FailoverResult))]
[RequiresAccess("get,list,watch,patch", "apps", "*")]
[RequiresAccess("get,list,patch", "", "nodes")]
[RequiresAccess("list", "", "persistentvolumeclaims")]
[RequiresAccess("list", "", "persistentvolumes")]
[RequiresAccess("list", "", "events")]
[RequiresAccess("create,delete,get,list,watch", "", "pods")]
[RequiresAccess("create,get", "", "pods/exec")]
[RequiresAccess("get", "", "pods/log")]
[RequiresAccess("get,create,patch", "", "pods/proxy")]
[RequiresAccess("create,get", "", "pods/portforward")]
[RequiresAccess("get", "", "namespaces")]
[RequiresAccess("get", "", "secrets")]
[RequiresAccess("list", "", "services")]
[RequiresAccess("get,create,update", "coordination.k8s.io", "leases")]
[RequiresAccess("list", "autoscaling", "horizontalpodautoscalers")]
[RequiresAccess("get,list,watch,patch", "volsync.backube", "*")]
[RequiresAccess("list,watch,patch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("list,watch,patch", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("list", "", "endpoints")]
[RequiresAccess("list", "batch", "cronjobs,jobs")]
[RequiresAccess("get", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("get", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("list", "networking.k8s.io", "ingresses")]
[RequiresAccess("get", "source.toolkit.fluxcd.io", "gitrepositories")]
public sealed class InvokeHomelabFailbackCommand : MoveCmdlet
{
    private protected override FailoverRequest Request => new() { From = From, To = To, Kind = OperationKind.Failback, Overrides = OverrideGate };
}
