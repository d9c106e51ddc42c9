using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;

namespace HomelabOps.Cmdlets.Cluster;

/// <summary>Gives the nodes.</summary>
[Cmdlet(VerbsCommon.Get, "HomelabNode", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Get-HomelabNode.md")]
[OutputType(typeof(HomelabNode))]
[RequiresAccess("list", "", "nodes")]
[RequiresAccess("get", "", "nodes/proxy")]
public sealed class GetHomelabNodeCommand : ObjectCmdlet
{
    /// <summary>Label selector.</summary>
    [Parameter]
    [Alias("l")]
    public string? Selector { get; set; }

    private protected override ObjectQuery Objects => base.Objects with { Selector = Selector };

    private protected override void Process()
    {
        var query = Objects;
        if (InputObject is not null)
        {
            if (LeadTo(Lead, "nodes") is not { } pattern)
            {
                return;
            }

            query = query with { Names = [pattern] };
        }

        DrainClusters((client, stop) => NodeReader.ReadAsync(client, query, stop));
    }

    // Only the record of a pod says which node it runs on.
    private ResourcePattern? Lead(ResourceReference reference) => Piped.Unwrap(InputObject) switch
    {
        HomelabPod { Node.Length: > 0 } pod => new ResourcePattern(pod.Node),
        _ => reference.Kind == "Node" ? new ResourcePattern(reference) : null,
    };
}
