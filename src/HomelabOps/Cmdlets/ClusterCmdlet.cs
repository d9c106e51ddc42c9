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
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(ContextCompleter))]
    [SupportsWildcards]
    public string[]? Context { get; set; } = [];

    /// <summary>Kubeconfig file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? KubeConfig { get; set; }

    private bool _isTyped;

    /// <summary>The command line says which cluster is meant, not a record that was piped in.</summary>
    private protected bool IsClusterTyped => KubeConfig is not null || _isTyped;

    /// <summary>It changes something. Once this process has connected somewhere it never takes a kubeconfig that merely lies about.</summary>
    private protected virtual bool IsChange => false;

    // A reference that names no cluster asks for nothing. On the command line that would be an empty variable.
    private IReadOnlyList<string> Contexts => [.. (Context ?? []).Where(name => !string.IsNullOrEmpty(name))];

    private protected override void Begin()
    {
        _isTyped = MyInvocation.BoundParameters.ContainsKey(nameof(Context));
        if (_isTyped && Contexts.Count == 0)
        {
            throw Core.Errors.ContextEmpty();
        }
    }

    /// <summary>Reads from every cluster that is asked for. One that cannot be reached is one error, and the others go on.</summary>
    private protected void DrainClusters<T>(Func<ClusterClient, CancellationToken, IAsyncEnumerable<Streamed<T>>> read, Action<T>? write = null) =>
        DrainSeparately(FindClients(), read, write);

    /// <summary>Reads from several places at the same time. Of several, one that fails is one error, and the others go on.</summary>
    private protected void DrainSeparately<TPlace, T>(IReadOnlyList<TPlace> places, Func<TPlace, CancellationToken, IAsyncEnumerable<Streamed<T>>> read, Action<T>? write) =>
        Drain(token => places is [var only] ? read(only, token) : Merge.Independent(places.Select(place => read(place, token)), token), write);

    /// <summary>The cluster that a record leads to; empty for those that the command line names, which come first.</summary>
    private protected string ClusterOf(string? ofRecord) => _isTyped ? "" : ofRecord ?? "";

    /// <summary>The clients for what <see cref="ClusterOf"/> gives.</summary>
    private protected IReadOnlyList<ClusterClient> ClientsOf(string cluster) =>
        cluster.Length > 0 ? FindClients([cluster], ofRecord: true) : FindClients(_isTyped ? Contexts : [], ofRecord: false);

    /// <summary>The one cluster of a cmdlet that reads a single thing.</summary>
    private protected ClusterClient FindClient() => FindClients() is [var only] ? only : throw Core.Errors.OneClusterOnly();

    /// <summary>What homelab.yaml says; where it cannot be read its defaults, with a warning.</summary>
    private protected HomelabConfig Config()
    {
        try
        {
            return LoadConfig();
        }
        catch (HomelabException error)
        {
            // What is asked of the cluster is worth having without it.
            WriteWarning(error.Message);
            return new();
        }
    }

    // A context that came with a record, not from the command line, names the cluster that the record was read from.
    private List<ClusterClient> FindClients() => FindClients(Contexts, ofRecord: !_isTyped && Contexts.Count > 0);

    // Of several, one that cannot be used is an error and the others are given.
    private List<ClusterClient> FindClients(IReadOnlyList<string> contexts, bool ofRecord)
    {
        if (IsChange && KubeConfig is null && Session.Default is null && Session.HasBeenConnected && !(ofRecord && Clients.IsKnown(contexts)))
        {
            throw Core.Errors.NoConnection();
        }

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
