using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Storage;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Gives what applications keep on the nodes.</summary>
[Cmdlet(VerbsCommon.Get, "PodStorage", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Get-PodStorage.md")]
[OutputType(typeof(PodStorage))]
[RequiresAccess("list", "", "nodes")]
[RequiresAccess("create,delete,list,watch", "", "pods")]
[RequiresAccess("get", "", "pods/log")]
public sealed class GetPodStorageCommand : PodStorageCmdlet
{
    /// <summary>Nodes.</summary>
    [Parameter(Position = 1, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [NodeNames]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [SupportsWildcards]
    public string[] Node { get; set; } = [];

    private protected override void Read(ClusterClient client, PodStorageQuery query) => Drain(stop => PodStorageReader.ReadAsync(
        client, Node.Length > 0 ? query with { Nodes = [.. Node.Select(name => new ResourcePattern(name))] } : query, stop));
}
