using System.Management.Automation;
using HomelabOps.Core.Volumes;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Gives claims and volumes, matched or not.</summary>
[Cmdlet(VerbsCommon.Get, "HomelabVolume", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Get-HomelabVolume.md")]
[OutputType(typeof(HomelabVolume))]
[RequiresAccess("list", "", "persistentvolumeclaims")]
[RequiresAccess("list", "", "persistentvolumes")]
[RequiresAccess("list", "", "pods")]
[RequiresAccess("list", "", "nodes")]
[RequiresAccess("list", "batch", "jobs")]
[RequiresAccess("get", "", "nodes/proxy")]
[RequiresAccess("list", "storage.k8s.io", "storageclasses")]
public sealed class GetHomelabVolumeCommand : VolumeCmdlet
{
    /// <summary>Only volumes that no claim has.</summary>
    [Parameter]
    public SwitchParameter Unclaimed { get; set; }

    private protected override void End() => Drain(new VolumeQuery { Unclaimed = Unclaimed }, VolumeReader.ReadAsync);
}
