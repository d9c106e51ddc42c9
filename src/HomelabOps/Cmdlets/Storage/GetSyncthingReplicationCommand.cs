using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Asks Syncthings how far they are.</summary>
[Cmdlet(VerbsCommon.Get, "SyncthingReplication", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Get-SyncthingReplication.md")]
[OutputType(typeof(SyncthingStatus))]
[RequiresAccess("list", "volsync.backube", "replicationsources")]
[RequiresAccess("get,list", "", "pods")]
[RequiresAccess("list", "", "services")]
[RequiresAccess("get", "", "secrets")]
[RequiresAccess("get", "", "pods/proxy")]
[RequiresAccess("create,get", "", "pods/portforward")]
[RequiresAccess("list", "batch", "jobs")]
public sealed class GetSyncthingReplicationCommand : NamespacedCmdlet
{
    /// <summary>Names of ReplicationSources, or of pods that VolSync does not run.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NameCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] Name { get; set; } = [];

    /// <summary>Applications whose data is replicated.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AppCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] App { get; set; } = [];

    /// <summary>Label selector for the pods.</summary>
    [Parameter]
    [Alias("l")]
    [ValidateNotNullOrEmpty]
    public string? Selector { get; set; }

    /// <summary>Goes on with every change until stopped.</summary>
    [Parameter]
    public SwitchParameter Watch { get; set; }

    private protected override void Process()
    {
        if (InputObject is not null)
        {
            CollectNamed(_ => true, "Syncthings");
            return;
        }

        var query = Query(Config()) with { Objects = new ObjectQuery { Names = Name, Namespaces = Namespaces } };
        DrainClusters((client, stop) => Read(client, query, stop));
    }

    private protected override void End()
    {
        var query = Query(Config());
        DrainCollected((client, names, stop) => Read(client, query with
        {
            Objects = new ObjectQuery { Names = [.. names.Where(name => name.Cluster is null)], Namespaces = NamespacesOf(names) },
            References = [.. names.Where(name => name.Cluster is not null).Select(name => new ResourceReference(client.Name, name.Kind!, name.Namespace!, name.Name)).Distinct()],
        }, stop));
    }

    private SyncthingQuery Query(HomelabConfig config) => new() { Apps = App, PodSelector = Selector, Config = config };

    private IAsyncEnumerable<Streamed<SyncthingStatus>> Read(ClusterClient client, SyncthingQuery query, CancellationToken stop) =>
        Watch ? SyncthingWatcher.WatchAsync(client, query, stop) : SyncthingReader.ReadAsync(client, query, stop);
}
