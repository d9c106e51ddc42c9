using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Cmdlets;

/// <summary>Base of the cmdlets that talk to a cluster: which one, and several at the same time.</summary>
public abstract class ClusterCmdlet : HomelabCmdlet
{
    /// <summary>Contexts of the kubeconfig, with wildcards.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Cluster")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContextCompleter))]
    [SupportsWildcards]
    public string[] Context { get; set; } = [];

    /// <summary>Kubeconfig file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? KubeConfig { get; set; }

    private bool _isTyped;

    /// <summary>The context came with a record, not from the command line, so it names the cluster that the record was read from.</summary>
    private protected bool IsOfRecord => !_isTyped && Context.Length > 0;

    private protected override void Begin() => _isTyped = MyInvocation.BoundParameters.ContainsKey(nameof(Context));

    /// <summary>Reads from every cluster that is asked for. One that cannot be reached is one error, and the others go on.</summary>
    private protected void DrainClusters<T>(Func<ClusterClient, CancellationToken, IAsyncEnumerable<Streamed<T>>> read, Action<T>? write = null, IReadOnlyList<string>? contexts = null)
    {
        var clients = FindClients(contexts ?? Context, contexts is not null || IsOfRecord);
        if (clients is [var only])
        {
            Drain(token => read(only, token), write);
            return;
        }

        Drain(token => Merge.Independent(clients.Select(client => read(client, token)), token), write);
    }

    /// <summary>
    /// Objects that came by pipe and are to be watched or read together, by cluster: a watch does not end, so it must not
    /// begin before all have come.
    /// </summary>
    private protected void DrainCollected<T>(IEnumerable<(string Cluster, ResourcePattern Name)> collected, Func<ClusterClient, IReadOnlyList<ResourcePattern>, CancellationToken, IAsyncEnumerable<Streamed<T>>> read, Action<T>? write = null)
    {
        var clusters = collected.GroupBy(item => item.Cluster, item => item.Name, StringComparer.Ordinal)
            .SelectMany(cluster => FindClients(cluster.Key.Length == 0 ? [] : [cluster.Key], ofRecord: true).Select(client => (client, Names: cluster.ToList()))).ToList();
        if (clusters is [var only])
        {
            Drain(token => read(only.client, only.Names, token), write);
        }
        else if (clusters.Count > 1)
        {
            Drain(token => Merge.Independent(clusters.Select(cluster => read(cluster.client, cluster.Names, token)), token), write);
        }
    }

    /// <summary>The one cluster of a cmdlet that reads a single thing.</summary>
    private protected ClusterClient FindClient() => FindClients(Context, IsOfRecord) is [var only] ? only : throw Core.Errors.OneClusterOnly();

    /// <summary>The clusters that were asked for. Of several, one that cannot be used is an error and the others are given.</summary>
    private protected IReadOnlyList<ClusterClient> FindClients(IReadOnlyList<string> contexts, bool ofRecord)
    {
        var targets = Clients.ForCmdlet(FullPath(KubeConfig), contexts, ofRecord, KubeConfigEnvironment.Current with { WorkingFolder = WorkingFolder });
        if (targets is [{ Failure: { } only }])
        {
            throw only;
        }

        var clients = new List<ClusterClient>();
        foreach (var target in targets)
        {
            if (target.Failure is { } failure)
            {
                WriteFailure(failure);
            }
            else if (target.Client is { } client)
            {
                clients.Add(client);
                if (client.Endpoint.SkipTlsVerify)
                {
                    WriteWarning(Messages.TlsNotVerified(client.Name));
                }
            }
        }

        return clients;
    }
}
