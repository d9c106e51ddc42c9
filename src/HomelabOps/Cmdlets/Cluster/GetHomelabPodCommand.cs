using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Cmdlets.Cluster;

/// <summary>Gives the pods.</summary>
[Cmdlet(VerbsCommon.Get, "HomelabPod", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Get-HomelabPod.md")]
[OutputType(typeof(HomelabPod))]
[RequiresAccess("list,watch", "", "pods")]
[RequiresAccess("list", "batch", "jobs")]
public sealed class GetHomelabPodCommand : ObjectCmdlet
{
    /// <summary>Nodes that the pods run on.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [NodeNames]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [SupportsWildcards]
    public string[] Node { get; set; } = [];

    /// <summary>Applications that the pods belong to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AppCompleter))]
    [SupportsWildcards]
    [AppNames]
    public string[] App { get; set; } = [];

    /// <summary>Only pods that are not healthy.</summary>
    [Parameter]
    public SwitchParameter Unhealthy { get; set; }

    /// <summary>Goes on with every change until stopped.</summary>
    [Parameter]
    public SwitchParameter Watch { get; set; }

    private PodQuery Query => new() { Objects = Objects, Nodes = Node, Apps = App, Unhealthy = Unhealthy };

    private protected override void Process()
    {
        if (InputObject is null)
        {
            DrainClusters((client, stop) => Read(client, Query, stop));
        }
        else if (Watch)
        {
            Collect(Lead, "pods");
        }
        else if (LeadTo(Lead, "pods") is { } pattern)
        {
            DrainOf(pattern, (client, stop) => Read(client, Of([pattern]), stop));
        }
    }

    // One watch for each sort of record: what is of a node need not be of an application.
    private protected override void End() => DrainCollected((client, patterns, stop) =>
        Merge.All([.. patterns.GroupBy(pattern => pattern.Kind is "Node" or "Pod" ? pattern.Kind : "").Select(group => Read(client, Of([.. group]), stop))], stop));

    private static ResourcePattern? Lead(ResourceReference reference) => reference.Kind is "Node" or "Pod" || WorkloadTypes.Kinds.Contains(reference.Kind) ? new ResourcePattern(reference) : null;

    // Nodes and applications narrow the query, pods name it.
    private PodQuery Of(IReadOnlyList<ResourcePattern> patterns)
    {
        var workloads = patterns.Where(pattern => pattern.Kind is not ("Node" or "Pod")).ToList();
        return Query with
        {
            Nodes = [.. patterns.Where(pattern => pattern.Kind == "Node").Select(pattern => pattern.Name)],
            Workloads = workloads,
            Objects = Objects with { Names = [.. patterns.Where(pattern => pattern.Kind == "Pod")], Namespaces = [.. workloads.Select(workload => workload.Namespace!).Distinct(StringComparer.Ordinal)] },
        };
    }

    private IAsyncEnumerable<Streamed<HomelabPod>> Read(ClusterClient client, PodQuery query, CancellationToken stop) =>
        Watch ? PodReader.WatchAsync(client, query, stop) : PodReader.ReadAsync(client, query, stop);
}
