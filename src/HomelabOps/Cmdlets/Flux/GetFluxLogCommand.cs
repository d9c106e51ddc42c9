using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Completion;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Logs;

namespace HomelabOps.Cmdlets.Flux;

/// <summary>Gives the logs of Flux' controllers, merged by time.</summary>
[Cmdlet(VerbsCommon.Get, "FluxLog", DefaultParameterSetName = "For", HelpUri = HelpPages.Root + "Get-FluxLog.md")]
[OutputType(typeof(FluxLogLine))]
[RequiresAccess("get,list,watch", "", "pods")]
[RequiresAccess("get", "", "pods/log")]
[RequiresAccess("list", "batch", "jobs")]
public sealed class GetFluxLogCommand : NamespacedCmdlet
{
    /// <summary>Objects that the lines are about.</summary>
    [Parameter(ParameterSetName = "For", Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NameCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] For { get; set; } = [];

    /// <summary>Levels: info, error, debug.</summary>
    [Parameter]
    [ValidateSet("info", "error", "debug")]
    public string[] Level { get; set; } = [];

    /// <summary>Go on with new lines.</summary>
    [Parameter]
    [Alias("f")]
    public SwitchParameter Follow { get; set; }

    /// <summary>So many of the last lines of each controller.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Tail { get; set; }

    /// <summary>Only lines of this last while.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Since { get; set; }

    private LogQuery Query => new() { Follow = Follow, Tail = Tail, Since = Since };

    private protected override void Process()
    {
        if (InputObject is null)
        {
            DrainClusters((client, stop) => FluxLogs.ReadAsync(client, Query, new ObjectQuery { Names = For, Namespaces = Namespaces }, Level, stop));
        }
        else
        {
            CollectNamed(reference => FluxKind.All.Contains(reference.Kind), "logs of Flux");
        }
    }

    // Only when all have come can their lines be sorted.
    private protected override void End() =>
        DrainCollected((client, patterns, stop) => FluxLogs.ReadAsync(client, Query, new ObjectQuery { Names = patterns, Namespaces = NamespacesOf(patterns) }, Level, stop));
}
