using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core.Flux;

namespace HomelabOps.Cmdlets.Flux;

/// <summary>Gives Flux' sources.</summary>
[Cmdlet(VerbsCommon.Get, "FluxSource", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Get-FluxSource.md")]
[OutputType(typeof(FluxSource))]
[RequiresAccess("list,watch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch", "kustomize.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch", "helm.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch", "image.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch", "notification.toolkit.fluxcd.io", "*")]
public sealed class GetFluxSourceCommand : FluxCmdlet
{
    /// <summary>Kinds, with wildcards.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FluxKindCompleter))]
    [SupportsWildcards]
    public string[] Kind { get; set; } = [];

    private protected override IReadOnlyList<string> Kinds => Kind;

    private protected override IReadOnlyList<string> Within => FluxKind.Sources;
}
