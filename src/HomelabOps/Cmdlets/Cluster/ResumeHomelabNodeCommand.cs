using System.Management.Automation;
using HomelabOps.Core.Draining;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Cmdlets.Cluster;

/// <summary>Lets nodes take pods again.</summary>
[Cmdlet(VerbsLifecycle.Resume, "HomelabNode", DefaultParameterSetName = ByName, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Resume-HomelabNode.md")]
[OutputType(typeof(HomelabNode))]
[RequiresAccess("get,list,patch", "", "nodes")]
[RequiresAccess("get", "", "nodes/proxy")]
public sealed class ResumeHomelabNodeCommand : NodeChangeCmdlet
{
    /// <summary>Takes the taint of a fenced node away as well.</summary>
    [Parameter]
    public SwitchParameter RemoveTaint { get; set; }

    private protected override void Act(ClusterClient client, NodeWire node, ResourceReference reference)
    {
        var isTainted = NodeCordon.IsOutOfService(node);
        if (isTainted && !RemoveTaint)
        {
            WriteWarning(Messages.NodeOutOfService(reference));
        }

        if (NodeCordon.IsInService(node, RemoveTaint))
        {
            if (!isTainted)
            {
                WriteWarning(Messages.NodeInService(reference));
            }

            Drain(stop => NodeSuspender.ReadAsync(client, reference, stop));
        }
        else if (ShouldProcess(Messages.NodeResume(reference, isTainted && RemoveTaint), Messages.NodeResumeQuestion(reference), Messages.Confirm))
        {
            Drain(stop => NodeSuspender.ResumeAsync(client, node, RemoveTaint, Journal, stop));
        }
    }
}
