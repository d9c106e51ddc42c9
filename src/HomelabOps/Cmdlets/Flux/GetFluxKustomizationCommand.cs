using System.Management.Automation;
using HomelabOps.Core.Flux;

namespace HomelabOps.Cmdlets.Flux;

/// <summary>Gives Flux' Kustomizations.</summary>
[Cmdlet(VerbsCommon.Get, "FluxKustomization", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Get-FluxKustomization.md")]
[OutputType(typeof(FluxKustomization))]
[RequiresAccess("list,watch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch", "kustomize.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch", "helm.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch", "image.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch", "notification.toolkit.fluxcd.io", "*")]
public sealed class GetFluxKustomizationCommand : FluxCmdlet
{
    private protected override IReadOnlyList<string> Within { get; } = [FluxKind.Kustomization];
}
