using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Replication;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Gives VolSync's replications.</summary>
[Cmdlet(VerbsCommon.Get, "VolSyncStatus", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Get-VolSyncStatus.md")]
[OutputType(typeof(ReplicationStatus))]
[RequiresAccess("list", "volsync.backube", "replicationsources")]
[RequiresAccess("list", "volsync.backube", "replicationdestinations")]
[RequiresAccess("list", "", "pods")]
[RequiresAccess("list", "batch", "jobs")]
public sealed class GetVolSyncStatusCommand : ObjectCmdlet
{
    /// <summary>Applications whose data is replicated.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AppCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] App { get; set; } = [];

    private protected override void Process()
    {
        if (InputObject is null)
        {
            var config = Config();
            DrainClusters((client, stop) => ReplicationReader.ReadAsync(client, new() { Objects = Objects, Apps = App, Config = config }, stop));
        }
        else
        {
            CollectNamed(_ => true, "replications");
        }
    }

    // Every reading asks for all, so what comes by pipe is read together.
    private protected override void End()
    {
        var config = Config();
        DrainCollected((client, names, stop) => ReplicationReader.ReadAsync(client, Query(client, names, config), stop));
    }

    private ReplicationQuery Query(ClusterClient client, IReadOnlyList<ResourcePattern> names, HomelabConfig config) => new()
    {
        Objects = new ObjectQuery { Names = [.. names.Where(name => name.Cluster is null)], Namespaces = NamespacesOf(names), Selector = Selector },
        Apps = App,
        References = [.. names.Where(name => name.Cluster is not null).Select(name => new ResourceReference(client.Name, name.Kind!, name.Namespace!, name.Name)).Distinct()],
        Config = config,
    };
}
