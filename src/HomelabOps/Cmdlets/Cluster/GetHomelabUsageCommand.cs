using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes.Usage;

namespace HomelabOps.Cmdlets.Cluster;

/// <summary>Gives what nodes and pods use.</summary>
[Cmdlet(VerbsCommon.Get, "HomelabUsage", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Get-HomelabUsage.md")]
[OutputType(typeof(HomelabUsage))]
[RequiresAccess("get,list", "metrics.k8s.io", "nodes")]
[RequiresAccess("get,list", "metrics.k8s.io", "pods")]
[RequiresAccess("list", "", "nodes")]
[RequiresAccess("list", "", "pods")]
[RequiresAccess("get", "", "nodes/proxy")]
public sealed class GetHomelabUsageCommand : ClusterCmdlet
{
    private const string ByName = "Name";
    private const string ByRecord = "InputObject";

    private readonly List<(string Cluster, ResourcePattern Name)> _piped = [];

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

    /// <summary>Namespaces of pods.</summary>
    [Parameter(ParameterSetName = ByName, ValueFromPipelineByPropertyName = true)]
    [Alias("Ns")]
    [ValidateNotNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [SupportsWildcards]
    public string[] Namespace { get; set; } = [];

    /// <summary>Nodes and pods.</summary>
    [Parameter(ParameterSetName = ByRecord, Mandatory = true, ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    private protected override void Process()
    {
        if (InputObject is null)
        {
            var query = new UsageQuery { Nodes = Node, Pods = Pod, Namespaces = [.. Namespace.Where(name => name.Length > 0)] };
            DrainClusters((client, stop) => UsageReader.ReadAsync(client, query, stop));
        }
        else if (Piped.Reference(InputObject) is { Kind: "Node" or "Pod" } reference)
        {
            _piped.Add((reference.Cluster ?? "", new ResourcePattern(reference)));
        }
        else
        {
            WriteWarning(Messages.OtherRecord(Piped.Unwrap(InputObject)!, "nodes or pods"));
        }
    }

    // Every reading asks for the whole cluster, so what comes by pipe is read together.
    private protected override void End() => DrainCollected(_piped, (client, patterns, stop) => UsageReader.ReadAsync(
        client,
        new UsageQuery { Nodes = [.. patterns.Where(pattern => pattern.Kind == "Node")], Pods = [.. patterns.Where(pattern => pattern.Kind == "Pod")] },
        stop));
}
