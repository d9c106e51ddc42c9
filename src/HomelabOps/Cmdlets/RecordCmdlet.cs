using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Cmdlets;

/// <summary>Base of the cmdlets that take records by pipe.</summary>
public abstract class RecordCmdlet : ClusterCmdlet
{
    private protected const string ByName = "Name";
    private protected const string ByRecord = "InputObject";

    private readonly List<ResourcePattern> _collected = [];

    /// <summary>A record or reference: of the same kind to read it again, or of one that leads to such objects.</summary>
    [Parameter(ParameterSetName = ByRecord, Mandatory = true, ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    /// <summary>Names what the piped object leads to; null, with a warning, when it is nothing, so that a mixed pipe goes on.</summary>
    private protected ResourcePattern? LeadTo(Func<ResourceReference, ResourcePattern?> lead, string wanted)
    {
        var pattern = Piped.Reference(InputObject) is { } reference ? lead(reference) : null;
        if (pattern is null)
        {
            WriteWarning(Messages.OtherRecord(Piped.Unwrap(InputObject)!, wanted));
        }

        return pattern;
    }

    /// <summary>Reads at once what the piped object leads to, from the cluster that it is of.</summary>
    private protected void DrainOf<T>(ResourcePattern pattern, Func<ClusterClient, CancellationToken, IAsyncEnumerable<Streamed<T>>> read) =>
        DrainSeparately(ClientsOf(ClusterOf(pattern.Cluster)), read, null);

    /// <summary>Keeps what the piped object leads to until all have come.</summary>
    private protected void Collect(Func<ResourceReference, ResourcePattern?> lead, string wanted)
    {
        if (LeadTo(lead, wanted) is { } pattern)
        {
            _collected.Add(pattern);
        }
    }

    /// <summary>Keeps what the piped object leads to, or what was piped as text, until all have come. An event stands for what it is about.</summary>
    private protected void CollectNamed(Func<ResourceReference, bool> accepts, string wanted)
    {
        if (Piped.Typed(InputObject) is { } typed)
        {
            _collected.Add(typed);
        }
        else
        {
            Collect(_ => Piped.Subject(InputObject) is { } subject && accepts(subject) ? new ResourcePattern(subject) : null, wanted);
        }
    }

    /// <summary>
    /// Reads what was collected, cluster by cluster at the same time: because it is sorted, because every reading asks for
    /// everything, or because a watch does not end and so must not begin before all have come.
    /// </summary>
    private protected void DrainCollected<T>(Func<ClusterClient, IReadOnlyList<ResourcePattern>, CancellationToken, IAsyncEnumerable<Streamed<T>>> read, Action<T>? write = null)
    {
        if (_collected.Count == 0)
        {
            return;
        }

        var readings = CollectedByCluster();
        DrainSeparately(readings, (reading, stop) => read(reading.Client, reading.Names, stop), write);
    }

    /// <summary>What was collected, with the client of each cluster that it is of. References and names without a cluster come apart.</summary>
    private protected IReadOnlyList<(ClusterClient Client, IReadOnlyList<ResourcePattern> Names)> CollectedByCluster() =>
    [
        .. _collected.GroupBy(pattern => (Cluster: ClusterOf(pattern.Cluster), IsTyped: pattern.Cluster is null))
            .SelectMany(group => ClientsOf(group.Key.Cluster).Select(client => (client, (IReadOnlyList<ResourcePattern>)[.. group]))),
    ];

    /// <summary>Acts on what was named on the command line, or on what was collected, cluster by cluster.</summary>
    /// <exception cref="HomelabException">NameRequired.</exception>
    private protected void ForNamed(IReadOnlyList<ResourcePattern> typed, Action<ClusterClient, IReadOnlyList<ResourcePattern>> act)
    {
        if (ParameterSetName != ByName)
        {
            foreach (var (client, names) in CollectedByCluster())
            {
                act(client, names);
            }
        }
        else if (typed.Count > 0)
        {
            act(FindClient(), typed);
        }
        else
        {
            throw Core.Errors.NameRequired();
        }
    }
}
