using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes.Usage;

namespace HomelabOps.Cmdlets.Cluster;

/// <summary>Gives what nodes and pods use.</summary>
[Cmdlet(VerbsCommon.Get, "HomelabUsage", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Get-HomelabUsage.md")]
[OutputType(typeof(HomelabUsage))]
[RequiresAccess("list", "metrics.k8s.io", "nodes")]
[RequiresAccess("list", "metrics.k8s.io", "pods")]
[RequiresAccess("list", "", "nodes")]
[RequiresAccess("list", "", "pods")]
[RequiresAccess("get", "", "nodes/proxy")]
public sealed class GetHomelabUsageCommand : NamespacedCmdlet
{
    /// <summary>Nodes, by name or as records.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] Node { get; set; } = [];

    /// <summary>Pods, by name or as records.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PodCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] Pod { get; set; } = [];

    private protected override void Process()
    {
        if (InputObject is null)
        {
            var query = new UsageQuery { Nodes = Node, Pods = Pod, Namespaces = Namespaces };
            DrainClusters((client, stop) => UsageReader.ReadAsync(client, query, stop));
        }
        else
        {
            Collect(reference => reference.Kind is "Node" or "Pod" ? new ResourcePattern(reference) : null, "nodes or pods");
        }
    }

    // Every reading asks for the whole cluster, so what comes by pipe is read together.
    private protected override void End() => DrainCollected((client, patterns, stop) => UsageReader.ReadAsync(
        client,
        new UsageQuery { Nodes = [.. patterns.Where(pattern => pattern.Kind == "Node")], Pods = [.. patterns.Where(pattern => pattern.Kind == "Pod")] },
        stop));
}
