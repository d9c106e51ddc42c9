using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;

namespace HomelabOps.Cmdlets.Cluster;

/// <summary>Gives the nodes.</summary>
[Cmdlet(VerbsCommon.Get, "HomelabNode", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Get-HomelabNode.md")]
[OutputType(typeof(HomelabNode))]
[RequiresAccess("list", "", "nodes")]
[RequiresAccess("get", "", "nodes/proxy")]
public sealed class GetHomelabNodeCommand : RecordCmdlet
{
    /// <summary>Names, with wildcards, or references.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NameCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] Name { get; set; } = [];

    /// <summary>Label selector.</summary>
    [Parameter]
    [Alias("l")]
    public string? Selector { get; set; }

    private protected override void Process()
    {
        var query = new ObjectQuery { Names = Name, Selector = Selector };
        if (InputObject is null)
        {
            DrainClusters((client, stop) => NodeReader.ReadAsync(client, query, stop));
        }
        else if (LeadTo(Lead, "nodes") is { } pattern)
        {
            DrainOf(pattern, (client, stop) => NodeReader.ReadAsync(client, query with { Names = [pattern] }, stop));
        }
    }

    // Only the record of a pod says which node it runs on.
    private ResourcePattern? Lead(ResourceReference reference) => Piped.Unwrap(InputObject) switch
    {
        HomelabPod { Node.Length: > 0 } pod => new ResourcePattern(reference with { Kind = "Node", Namespace = "", Name = pod.Node }),
        _ => reference.Kind == "Node" ? new ResourcePattern(reference) : null,
    };
}
