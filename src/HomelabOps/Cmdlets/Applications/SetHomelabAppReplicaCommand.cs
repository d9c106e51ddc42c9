using System.Management.Automation;
using HomelabOps.Core.Applications.Edits;

namespace HomelabOps.Cmdlets.Applications;

/// <summary>Gives an application another number of pods, where the repository defines it.</summary>
[Cmdlet(VerbsCommon.Set, "HomelabAppReplica", DefaultParameterSetName = ByApp, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Set-HomelabAppReplica.md")]
[OutputType(typeof(GitOpsChange))]
[RequiresAccess("list,watch,patch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list,watch,patch", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("get,create,patch", "*", "*")]
public sealed class SetHomelabAppReplicaCommand : AppEditCmdlet
{
    /// <summary>How many pods.</summary>
    [Parameter(Position = 1, Mandatory = true)]
    public int Replicas { get; set; }

    /// <summary>The controller of a Helm release, where it has several.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Controller { get; set; }

    private protected override AppEdit Edit(AppTarget target) => new SetReplicasEdit(target, Replicas, Controller);
}
