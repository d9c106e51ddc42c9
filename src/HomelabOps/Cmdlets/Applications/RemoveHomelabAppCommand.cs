using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core.GitOps.Scaffolding;

namespace HomelabOps.Cmdlets.Applications;

/// <summary>Takes an application out of the repository.</summary>
[Cmdlet(VerbsCommon.Remove, "HomelabApp", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = HelpPages.Root + "Remove-HomelabApp.md")]
[OutputType(typeof(GitOpsChange))]
[RequiresAccess("", "", "")]
public sealed class RemoveHomelabAppCommand : GitOpsChangeCmdlet
{
    /// <summary>Its name, or namespace/name.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("App")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ManifestAppCompleter))]
    public string Name { get; set; } = "";

    /// <summary>Its claims and volumes go too.</summary>
    [Parameter]
    public SwitchParameter IncludeVolume { get; set; }

    /// <summary>The folder of the applications.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AppsFolder { get; set; }

    private protected override void End() => Commit(new RemoveAppEdit(Name, Conventions(AppsFolder), IncludeVolume), Name[(Name.IndexOf('/', StringComparison.Ordinal) + 1)..]);
}
