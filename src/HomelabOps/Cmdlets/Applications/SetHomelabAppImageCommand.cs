using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core.Applications.Edits;

namespace HomelabOps.Cmdlets.Applications;

/// <summary>Gives an application another image, where the repository defines it.</summary>
[Cmdlet(VerbsCommon.Set, "HomelabAppImage", DefaultParameterSetName = ByApp, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Set-HomelabAppImage.md")]
[OutputType(typeof(GitOpsChange))]
[RequiresAccess("list,watch,patch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("list,watch,patch", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("get,list,watch", "apps", "*")]
[RequiresAccess("list", "", "events")]
[RequiresAccess("list,watch", "", "pods")]
[RequiresAccess("get,create,patch", "*", "*")]
public sealed class SetHomelabAppImageCommand : AppEditCmdlet
{
    /// <summary>The whole name of the image, with its tag or digest.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Image { get; set; }

    /// <summary>Another tag of the same image, perhaps with a digest.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Tag { get; set; }

    /// <summary>The container, where there are several.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public string? Container { get; set; }

    private protected override AppEdit Edit(AppTarget target) => (Image is null) == (Tag is null)
        ? throw Core.Errors.ImageRequired()
        : new SetImageEdit(target, Image ?? ":" + Tag!.TrimStart(':'), Container);
}
