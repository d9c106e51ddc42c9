using System.Management.Automation;
using HomelabOps.Core;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Ssh;
using HomelabOps.Rendering;

namespace HomelabOps.Cmdlets.Operations;

/// <summary>Moves applications to their other node, through Git, as an operation that can be resumed and undone.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "HomelabFailover", DefaultParameterSetName = ByName, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = HelpPages.Root + "Invoke-HomelabFailover.md")]
[OutputType(typeof(FailoverResult))]
[RequiresAccess("get,list,watch,patch", "apps", "*")]
[RequiresAccess("list", "", "nodes")]
[RequiresAccess("list", "", "persistentvolumeclaims")]
[RequiresAccess("list", "", "persistentvolumes")]
[RequiresAccess("create,delete,get,list,watch", "", "pods")]
[RequiresAccess("create,get", "", "pods/exec")]
[RequiresAccess("get", "", "pods/log")]
[RequiresAccess("get,create", "", "pods/proxy")]
[RequiresAccess("create", "", "pods/portforward")]
[RequiresAccess("get", "", "secrets")]
[RequiresAccess("get,create,update", "coordination.k8s.io", "leases")]
[RequiresAccess("list", "autoscaling", "horizontalpodautoscalers")]
[RequiresAccess("get,list,watch,patch", "volsync.backube", "*")]
[RequiresAccess("list,watch,patch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("list,watch,patch", "helm.toolkit.fluxcd.io", "helmreleases")]
public sealed class InvokeHomelabFailoverCommand : FailoverCmdlet
{
    /// <summary>The old node is alive: the applications are stopped there first, and nothing is lost.</summary>
    [Parameter]
    public SwitchParameter Planned { get; set; }

    /// <summary>What proves that the old node is off.</summary>
    [Parameter]
    [PSDefaultValue(Help = "Proxmox where homelab.yaml has its host, else Confirm")]
    public FailoverFence Fence { get; set; }

    /// <summary>Gates that do not count; they are named in the result and in the commit.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(Completion.GateCompleter))]
    public string[] OverrideGate { get; set; } = [];

    /// <summary>File with a private key for the host of the node.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? KeyFile { get; set; }

    /// <summary>User and password on the host of the node, or the passphrase of the key file.</summary>
    [Parameter]
    public PSCredential? Credential { get; set; }

    private protected override void Begin()
    {
        base.Begin();
        _ = Request().Checked();
        TimeoutSeconds = MyInvocation.BoundParameters.ContainsKey(nameof(TimeoutSeconds)) ? TimeoutSeconds : FailoverOptions.UsualSeconds;
    }

    private protected override void Act(ClusterClient client, IReadOnlyList<HomelabApp> apps, AppOptions options)
    {
        var chosen = Chosen(apps);
        if (chosen.Count == 0)
        {
            return;
        }

        var store = OperationStore.ForUser();
        var how = Options(client, options.Config, new SshLogin { KeyFile = FullPath(KeyFile), Credential = Credential?.GetNetworkCredential() });
        var (plans, done, notices) = Await(stop => FailoverPlan.MakeAsync(how, store, chosen, Request(), stop));
        foreach (var notice in notices)
        {
            Notices.Write(this, notice);
        }

        foreach (var result in done)
        {
            WriteObject(result);
        }

        foreach (var plan in plans)
        {
            if (ShouldProcess(Messages.Failover(plan), Messages.FailoverQuestion(plan), Messages.Confirm))
            {
                FencePrompt.Ask(Host, plan.Record);
                Drain(stop => new OperationRunner(how, store).RunAsync(plan.Record, stop));
            }
        }
    }

    private FailoverRequest Request() => new()
    {
        From = From,
        To = To,
        Planned = Planned,
        Fence = MyInvocation.BoundParameters.ContainsKey(nameof(Fence)) ? Fence : null,
        Overrides = OverrideGate,
    };
}
