using System.Management.Automation;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Storage;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Gives the files that the primary and the backup node do not have alike.</summary>
[Cmdlet(VerbsData.Compare, "PodStorage", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Compare-PodStorage.md")]
[OutputType(typeof(PodStorageDifference))]
[RequiresAccess("list", "", "nodes")]
[RequiresAccess("create,delete,list,watch", "", "pods")]
[RequiresAccess("create,get", "", "pods/exec")]
public sealed class ComparePodStorageCommand : PodStorageCmdlet
{
    /// <summary>Compares contents in place of sizes and times.</summary>
    [Parameter]
    public SwitchParameter Hash { get; set; }

    // The two nodes are those of the settings, whatever was piped in.
    private protected override void Read(ClusterClient client, PodStorageQuery query) => Drain(stop => PodStorageComparer.CompareAsync(client, query with { Nodes = [] }, Hash, stop));
}
