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
public sealed class GetHomelabEventCommand : ClusterCmdlet
{
    private readonly List<(string Cluster, ResourcePattern Name)> _piped = [];

    /// <summary>Objects that the events are about.</summary>
    [Parameter(ParameterSetName = "For", Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public ResourcePattern[] For { get; set; } = [];

    /// <summary>A record or reference whose events are wanted.</summary>
    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    /// <summary>Namespaces, with wildcards.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Ns")]
    [ValidateNotNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [SupportsWildcards]
    public string[] Namespace { get; set; } = [];

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
            DrainClusters((client, stop) => Read(client, new EventQuery { Namespaces = [.. Namespace.Where(name => name.Length > 0)], For = For, Warning = Warning }, stop));
        }
        else if ((Piped.Unwrap(InputObject) is HomelabEvent { Target: { } target } ? target : Piped.Reference(InputObject)) is { } about)
        {
            _piped.Add((about.Cluster ?? "", new ResourcePattern(about)));
        }
        else
        {
            WriteWarning(Messages.OtherRecord(Piped.Unwrap(InputObject)!, "events"));
        }
    }

    // Only when all have come can their events be sorted. Those about cluster-scoped objects lie in namespaces of their own choice.
    private protected override void End() =>
        DrainCollected(_piped, (client, patterns, stop) => Read(client, new EventQuery { For = patterns, Warning = Warning }, stop));

    private IAsyncEnumerable<Streamed<HomelabEvent>> Read(ClusterClient client, EventQuery query, CancellationToken stop) =>
        Watch ? EventReader.WatchAsync(client, query, stop) : EventReader.ReadAsync(client, query, stop);
}
