using System.Management.Automation;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Ssh;

namespace HomelabOps.Cmdlets.Operations;

/// <summary>Moves applications to their other node, through Git, as an operation that can be resumed and undone.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "HomelabFailover", DefaultParameterSetName = ByName, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = HelpPages.Root + "Invoke-HomelabFailover.md")]
[OutputType(typeof(FailoverResult))]
[RequiresAccess("get,list,watch,patch", "apps", "*")]
[RequiresAccess("get,list,patch", "", "nodes")]
[RequiresAccess("list", "", "persistentvolumeclaims")]
[RequiresAccess("list", "", "persistentvolumes")]
[RequiresAccess("list", "", "events")]
[RequiresAccess("create,delete,get,list,watch", "", "pods")]
[RequiresAccess("create,get", "", "pods/exec")]
[RequiresAccess("get", "", "pods/log")]
[RequiresAccess("get,create", "", "pods/proxy")]
[RequiresAccess("create,get", "", "pods/portforward")]
[RequiresAccess("get", "", "namespaces")]
[RequiresAccess("get", "", "secrets")]
[RequiresAccess("get,create,update", "coordination.k8s.io", "leases")]
[RequiresAccess("list", "autoscaling", "horizontalpodautoscalers")]
[RequiresAccess("get,list,watch,patch", "volsync.backube", "*")]
[RequiresAccess("list,watch,patch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("list,watch,patch", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("list", "", "endpoints,services")]
[RequiresAccess("list", "batch", "cronjobs,jobs")]
[RequiresAccess("get", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("get", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("list", "networking.k8s.io", "ingresses")]
[RequiresAccess("get", "source.toolkit.fluxcd.io", "gitrepositories")]
public sealed class InvokeHomelabFailoverCommand : MoveCmdlet
{
    /// <summary>The old node is alive: the applications are stopped there first, and nothing is lost.</summary>
    [Parameter]
    public SwitchParameter Planned { get; set; }

    /// <summary>What proves that the old node is off.</summary>
    [Parameter]
    [PSDefaultValue(Help = "Proxmox where homelab.yaml has its host, else Confirm")]
    public FailoverFence Fence { get; set; }

    /// <summary>Gives the old node up as a whole, by the out-of-service taint of Kubernetes 1.28 and later.</summary>
    [Parameter]
    public SwitchParameter OutOfService { get; set; }

    /// <summary>The remote of Git is not reached: the commit waits in the clone until Resume-HomelabOperation pushes it, and Flux is held meanwhile.</summary>
    [Parameter]
    public SwitchParameter Local { get; set; }

    /// <summary>File with a private key for the host of the node.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? KeyFile { get; set; }

    /// <summary>User and password on the host of the node, or the passphrase of the key file.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    private protected override SshLogin? Login => new() { KeyFile = FullPath(KeyFile), Credential = Credential?.GetNetworkCredential() };

    private protected override FailoverRequest Request => new()
    {
        From = From,
        To = To,
        Kind = Planned ? OperationKind.PlannedFailover : OperationKind.Failover,
        Local = Local,
        OutOfService = OutOfService,
        Fence = MyInvocation.BoundParameters.ContainsKey(nameof(Fence)) ? Fence : null,
        Overrides = OverrideGate,
    };
}
