using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Events;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Cmdlets.Cluster;

/// <summary>Gives the events, the oldest first.</summary>
[Cmdlet(VerbsCommon.Get, "HomelabEvent", DefaultParameterSetName = "For", HelpUri = HelpPages.Root + "Get-HomelabEvent.md")]
[OutputType(typeof(HomelabEvent))]
[RequiresAccess("list,watch", "", "events")]
public sealed class GetHomelabEventCommand : NamespacedCmdlet
{
    /// <summary>Objects that the events are about.</summary>
    [Parameter(ParameterSetName = "For", Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EventTargetCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] For { get; set; } = [];

    /// <summary>Only warnings.</summary>
    [Parameter]
    public SwitchParameter Warning { get; set; }

    /// <summary>Goes on with every new event until stopped.</summary>
    [Parameter]
    public SwitchParameter Watch { get; set; }

    private protected override void Process()
    {
        if (InputObject is null)
        {
            DrainClusters((client, stop) => Read(client, new EventQuery { Namespaces = Namespaces, For = For, Warning = Warning }, stop));
        }
        else
        {
            // An event stands for what it is about, not for itself.
            Collect(reference => new ResourcePattern(Piped.Unwrap(InputObject) is HomelabEvent { Target: { } target } ? target : reference), "events");
        }
    }

    // Only when all have come can their events be sorted. Those about cluster-scoped objects lie in namespaces of their own choice.
    private protected override void End() =>
        DrainCollected((client, patterns, stop) => Read(client, new EventQuery { For = patterns, IsForKnown = true, Warning = Warning }, stop));

    private IAsyncEnumerable<Streamed<HomelabEvent>> Read(ClusterClient client, EventQuery query, CancellationToken stop) =>
        Watch ? EventReader.WatchAsync(client, query, stop) : EventReader.ReadAsync(client, query, stop);
}
