using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Cmdlets.Cluster;

/// <summary>Base of the cmdlets that change nodes: one that is named, what is piped in, or what a wildcard matches.</summary>
public abstract class NodeChangeCmdlet : RecordCmdlet
{
    /// <summary>Names, with wildcards, or references.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [Alias("Node")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NameCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] Name { get; set; } = [];

    private protected override bool IsChange => true;

    private protected ChangeJournal Journal { get; } = ChangeJournal.ForUser();

    private protected override void Process()
    {
        if (InputObject is not null)
        {
            CollectNamed(reference => reference.Kind == "Node", "nodes");
        }
    }

    private protected override void End() => ForNamed(Name, ActOn);

    /// <summary>Acts on one node.</summary>
    private protected abstract void Act(ClusterClient client, NodeWire node, ResourceReference reference);

    private void ActOn(ClusterClient client, IReadOnlyList<ResourcePattern> names)
    {
        var (nodes, missing) = Await(stop => NodeProbes.FindNodesAsync(client, new ObjectQuery { Names = names }, stop));
        foreach (var error in missing)
        {
            WriteFailure(error);
        }

        foreach (var node in nodes)
        {
            try
            {
                Act(client, node, new ResourceReference(client.Name, "Node", "", node.Metadata.Name));
            }
            catch (HomelabException error) when (!error.Terminates)
            {
                WriteFailure(error);
            }
        }
    }
}
