using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes.Events;

namespace HomelabOps.Cmdlets.Flux;

/// <summary>Gives the events about objects of Flux and about what they get their content from.</summary>
[Cmdlet(VerbsCommon.Get, "FluxEvent", DefaultParameterSetName = "For", HelpUri = HelpPages.Root + "Get-FluxEvent.md")]
[OutputType(typeof(HomelabEvent))]
[RequiresAccess("list,watch", "", "events")]
[RequiresAccess("list", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list", "kustomize.toolkit.fluxcd.io", "*")]
[RequiresAccess("list", "helm.toolkit.fluxcd.io", "*")]
[RequiresAccess("list", "image.toolkit.fluxcd.io", "*")]
[RequiresAccess("list", "notification.toolkit.fluxcd.io", "*")]
public sealed class GetFluxEventCommand : NamespacedCmdlet
{
    /// <summary>Objects that the events are about.</summary>
    [Parameter(ParameterSetName = "For", Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NameCompleter))]
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
            DrainClusters((client, stop) => FluxEvents.ReadAsync(client, For, new EventQuery { Namespaces = Namespaces, Warning = Warning }, Watch, stop));
        }
        else
        {
            CollectNamed(_ => true, "events");
        }
    }

    // Only when all have come can their events be sorted.
    private protected override void End() =>
        DrainCollected((client, patterns, stop) => FluxEvents.ReadAsync(client, patterns, new EventQuery { Namespaces = NamespacesOf(patterns), Warning = Warning }, Watch, stop));
}
