using System.Management.Automation;
using HomelabOps.Core.Flux;

namespace HomelabOps.Cmdlets.Flux;

/// <summary>Gives Flux' HelmReleases.</summary>
[Cmdlet(VerbsCommon.Get, "FluxHelmRelease", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Get-FluxHelmRelease.md")]
[OutputType(typeof(FluxHelmRelease))]
[RequiresAccess("list,watch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch", "kustomize.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch", "helm.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch", "image.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch", "notification.toolkit.fluxcd.io", "*")]
public sealed class GetFluxHelmReleaseCommand : FluxCmdlet
{
    private protected override IReadOnlyList<string> Within { get; } = [FluxKind.HelmRelease];
}
