using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Volumes;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Base of the cmdlets that read claims and volumes.</summary>
public abstract class VolumeCmdlet : NamespacedCmdlet
{
    private static readonly string[] Leading = ["PersistentVolumeClaim", "PersistentVolume", "Pod", "Node", "Deployment", "StatefulSet", "DaemonSet", "CronJob", "HelmRelease"];

    /// <summary>Names of claims: <c>name</c>, <c>namespace/name</c>, <c>Kind/name</c> (also of a PersistentVolume) or references, with wildcards.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NameCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] Name { get; set; } = [];

    /// <summary>Applications that the claims belong to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AppCompleter))]
    [SupportsWildcards]
    [AppNames]
    public string[] App { get; set; } = [];

    /// <summary>Reads what a query asks for, in every cluster that is meant.</summary>
    private protected void Drain<T>(VolumeQuery query, Func<ClusterClient, VolumeQuery, CancellationToken, IAsyncEnumerable<Streamed<T>>> read)
    {
        query = query with { Apps = App, Config = Config() };
        if (ParameterSetName == ByName)
        {
            DrainClusters((client, stop) => read(client, query with { Objects = new() { Names = Name, Namespaces = Namespaces } }, stop));
            return;
        }

        // Every reading asks for all, so what comes by pipe is read together.
        DrainCollected((client, names, stop) => read(client, query with
        {
            Objects = new() { Names = [.. names.Where(name => name.Cluster is null)], Namespaces = NamespacesOf(names) },
            References = [.. names.Where(name => name.Cluster is not null).Select(name => new ResourceReference(client.Name, name.Kind!, name.Namespace!, name.Name)).Distinct()],
        }, stop));
    }

    private protected override void Process()
    {
        if (InputObject is not null)
        {
            CollectNamed(reference => Leading.Contains(reference.Kind), "claims, volumes, pods, nodes or applications");
        }
    }
}
