using System.Management.Automation;
using HomelabOps.Completion;

namespace HomelabOps.Cmdlets.Flux;

/// <summary>Gives all objects of Flux with what blocks them.</summary>
[Cmdlet(VerbsCommon.Get, "FluxStatus", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Get-FluxStatus.md")]
[OutputType(typeof(FluxResource))]
[RequiresAccess("list,watch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch", "kustomize.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch", "helm.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch", "image.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch", "notification.toolkit.fluxcd.io", "*")]
public sealed class GetFluxStatusCommand : FluxCmdlet
{
    /// <summary>Kinds, with wildcards.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FluxKindCompleter))]
    [SupportsWildcards]
    public string[] Kind { get; set; } = [];

    private protected override IReadOnlyList<string> Kinds => Kind;

    // The formatter shows a type that it did not begin with as a list; one name in front keeps all kinds in one table.
    private protected override void Emit(FluxResource resource)
    {
        var record = new PSObject(resource);
        record.TypeNames.Insert(0, "HomelabOps.FluxResource#Status");
        WriteObject(record);
    }
}
