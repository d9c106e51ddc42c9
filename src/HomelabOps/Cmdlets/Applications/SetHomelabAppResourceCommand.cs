using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core.Applications.Edits;

namespace HomelabOps.Cmdlets.Applications;

/// <summary>Gives a container other requests and limits, where the repository defines them.</summary>
[Cmdlet(VerbsCommon.Set, "HomelabAppResource", DefaultParameterSetName = ByApp, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Set-HomelabAppResource.md")]
[OutputType(typeof(GitOpsChange))]
[RequiresAccess("list,watch,patch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("list,watch,patch", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("get,list,watch", "apps", "*")]
[RequiresAccess("list", "", "events")]
[RequiresAccess("list,watch", "", "pods")]
[RequiresAccess("get,create,patch", "*", "*")]
public sealed class SetHomelabAppResourceCommand : AppEditCmdlet
{
    /// <summary>Cores that are kept for it.</summary>
    [Parameter]
    [ValidateNotNull]
    public string? CpuRequest { get; set; }

    /// <summary>Cores that it may use.</summary>
    [Parameter]
    [ValidateNotNull]
    public string? CpuLimit { get; set; }

    /// <summary>Memory that is kept for it.</summary>
    [Parameter]
    [ValidateNotNull]
    public string? MemoryRequest { get; set; }

    /// <summary>Memory that it may use.</summary>
    [Parameter]
    [ValidateNotNull]
    public string? MemoryLimit { get; set; }

    /// <summary>The container, where there are several.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public string? Container { get; set; }

    private protected override AppEdit Edit(AppTarget target)
    {
        var amounts = new[] { ("requests.cpu", CpuRequest), ("limits.cpu", CpuLimit), ("requests.memory", MemoryRequest), ("limits.memory", MemoryLimit) }
            .Where(amount => amount.Item2 is not null).ToDictionary(amount => amount.Item1, amount => amount.Item2!, StringComparer.Ordinal);
        return amounts.Count == 0 ? throw Core.Errors.ResourceRequired() : new SetResourcesEdit(target, amounts, Container);
    }
}
