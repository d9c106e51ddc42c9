using System.Management.Automation;
using HomelabOps.Core.Draining;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Rendering;

namespace HomelabOps.Cmdlets.Cluster;

/// <summary>Takes nodes out of service: no new pods, and with -Drain none of the present ones.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "HomelabNode", DefaultParameterSetName = ByName, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Suspend-HomelabNode.md")]
[OutputType(typeof(HomelabNode))]
[RequiresAccess("list,patch", "", "nodes")]
[RequiresAccess("get", "", "nodes/proxy")]
[RequiresAccess("get,list,watch", "", "pods")]
[RequiresAccess("create", "", "pods/eviction")]
[RequiresAccess("list", "", "persistentvolumeclaims")]
[RequiresAccess("list", "", "persistentvolumes")]
[RequiresAccess("list", "", "services")]
[RequiresAccess("list", "", "endpoints")]
[RequiresAccess("list", "networking.k8s.io", "ingresses")]
[RequiresAccess("list", "apps", "*")]
[RequiresAccess("list", "batch", "*")]
[RequiresAccess("list", "volsync.backube", "*")]
public sealed class SuspendHomelabNodeCommand : NodeChangeCmdlet
{
    /// <summary>Evicts the pods of the node as well.</summary>
    [Parameter]
    public SwitchParameter Drain { get; set; }

    /// <summary>Label selector of the pods that are evicted.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PodSelector { get; set; }

    /// <summary>Why.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Reason { get; set; }

    /// <summary>Seconds that the pods of each node may take.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    /// <summary>Also the last node that takes pods, and pods that nothing makes anew.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Evicts and does not wait.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    private protected override void Act(ClusterClient client, NodeWire node, ResourceReference reference)
    {
        var present = NodeCordon.SuspensionOf(node);

        // What is known of it must not be lost to somebody who knows nothing more.
        var suspension = present is not null && Reason is null ? null : Suspensions.Over(present, Suspensions.FromNow(Reason, null));
        if (suspension is null && !Drain)
        {
            WriteWarning(Messages.NodeCordonedAlready(reference, present!));
            Drain(stop => NodeSuspender.ReadAsync(client, reference, stop));
            return;
        }

        if (!Force)
        {
            var (all, _) = Await(stop => NodeProbes.FindNodesAsync(client, new ObjectQuery(), stop));
            NodeCordon.CheckOthers(node, all, client.Name);
        }

        var options = Drain ? new DrainOptions { PodSelector = PodSelector, Force = Force, NoWait = NoWait, Timeout = TimeSpan.FromSeconds(TimeoutSeconds), Tell = TellHost() } : null;
        var plan = options is null ? null : Plan(client, node, options);
        if (ShouldProcess(Messages.NodeSuspend(reference, suspension, plan), Messages.NodeSuspendQuestion(reference, plan), Messages.Confirm))
        {
            Drain(stop => NodeSuspender.SuspendAsync(client, node, suspension, options, Journal, stop));
        }
    }

    private DrainPlan Plan(ClusterClient client, NodeWire node, DrainOptions options)
    {
        var config = Config();
        var (plan, notices) = Await(stop => DrainPlanner.PlanAsync(client, node, config, options, stop));
        if (!Force && plan.Bare.ToList() is { Count: > 0 } bare)
        {
            throw Core.Errors.NodeDrainBare(plan.Node, DrainPlan.Names(bare));
        }

        foreach (var notice in notices)
        {
            Notices.Write(this, notice);
        }

        foreach (var warning in plan.Warnings)
        {
            WriteWarning(warning);
        }

        return plan;
    }
}
