using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Logs;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Cmdlets.Cluster;

/// <summary>Gives log lines of any number of pods, sorted by time.</summary>
[Cmdlet(VerbsCommon.Get, "HomelabLog", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Get-HomelabLog.md")]
[OutputType(typeof(HomelabLogLine))]
[RequiresAccess("get,list,watch", "", "pods")]
[RequiresAccess("get", "", "pods/log")]
[RequiresAccess("list", "batch", "jobs")]
public sealed class GetHomelabLogCommand : ObjectCmdlet
{
    /// <summary>Applications.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AppCompleter))]
    [SupportsWildcards]
    [AppNames]
    public string[] App { get; set; } = [];

    /// <summary>Containers.</summary>
    [Parameter]
    [Alias("c")]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    [SupportsWildcards]
    public string[] Container { get; set; } = [];

    /// <summary>The run before the last restart.</summary>
    [Parameter]
    [Alias("p")]
    public SwitchParameter Previous { get; set; }

    /// <summary>Go on with new lines.</summary>
    [Parameter]
    [Alias("f")]
    public SwitchParameter Follow { get; set; }

    /// <summary>So many of the last lines of each container.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Tail { get; set; }

    /// <summary>Only lines of this last while.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Since { get; set; }

    private protected override void Process()
    {
        if (InputObject is null)
        {
            DrainClusters((client, stop) => LogReader.ReadAsync(client, Query(Objects) with { Apps = App }, stop));
        }
        else
        {
            Collect(reference => reference.Kind == "Pod" || WorkloadTypes.Kinds.Contains(reference.Kind) ? new ResourcePattern(reference) : null, "logs of pods");
        }
    }

    // Only when all have come can their lines be sorted.
    private protected override void End() => DrainCollected((client, patterns, stop) =>
        Merge.All([.. patterns.GroupBy(pattern => pattern.Kind == "Pod").Select(group => LogReader.ReadAsync(client, group.Key ? OfPods([.. group]) : OfWorkloads([.. group]), stop))], stop));

    private LogQuery OfPods(IReadOnlyList<ResourcePattern> pods) => Query(new ObjectQuery { Names = pods });

    private LogQuery OfWorkloads(IReadOnlyList<ResourcePattern> workloads) => Query(new ObjectQuery { Namespaces = [.. workloads.Select(workload => workload.Namespace!).Distinct(StringComparer.Ordinal)] }) with { Workloads = workloads };

    private LogQuery Query(ObjectQuery objects) => new()
    {
        Objects = objects,
        Containers = Container,
        Previous = Previous,
        Follow = Follow,
        Tail = Tail,
        Since = Since,
    };
}
