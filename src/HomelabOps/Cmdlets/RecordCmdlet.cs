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

    /// <summary>What was collected, with the client of each cluster that it is of.</summary>
    private protected IReadOnlyList<(ClusterClient Client, IReadOnlyList<ResourcePattern> Names)> CollectedByCluster() =>
    [
        .. _collected.GroupBy(pattern => ClusterOf(pattern.Cluster), StringComparer.Ordinal)
            .SelectMany(cluster => ClientsOf(cluster.Key).Select(client => (client, (IReadOnlyList<ResourcePattern>)[.. cluster]))),
    ];
}
