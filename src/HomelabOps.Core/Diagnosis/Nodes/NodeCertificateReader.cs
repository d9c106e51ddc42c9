using System.Runtime.CompilerServices;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Diagnosis.Nodes;

/// <summary>Reads from within nodes of k3s when its certificates end there.</summary>
internal static class NodeCertificateReader
{
    public const string Reason = "NodeCertificateEnds";

    /// <summary>The file of what the API server shows.</summary>
    public const string OfServer = "/server/tls/serving-kube-apiserver.crt";

    private const string Distribution = "+k3s";
    private const int MostPaths = 8;

    // Those of one start end together, but for seconds.
    private static readonly TimeSpan Together = TimeSpan.FromDays(1);

    /// <summary>Gives the certificate of each node that ends first. One that cannot be looked at tells nothing.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="nodes">All nodes.</param>
    /// <param name="options">How nodes are looked at.</param>
    /// <param name="unread">Takes the nodes of which nothing is known: what was found there before may still be so.</param>
    /// <param name="cancellationToken">Ends everything; the probe pods are deleted all the same.</param>
    /// <exception cref="HomelabException">AccessDenied, NamespaceNotFound.</exception>
    public static async IAsyncEnumerable<Streamed<CertificateFacts>> ReadAsync(ClusterClient client, IReadOnlyList<NodeWire> nodes, ProbeOptions options, Action<string> unread, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var own = nodes.Where(node => node.Status?.NodeInfo?.KubeletVersion?.Contains(Distribution, StringComparison.Ordinal) == true).ToLookup(NodeTerms.IsReady);
        own[false].ToList().ForEach(node => unread(node.Metadata.Name));
        await foreach (var probe in NodeProbes.RunAsync(client, [.. own[true]], options, _ => NodeCertificateScript.Command, ReadAsync, cancellationToken))
        {
            if (probe.Report is null)
            {
                unread(probe.Node);
                yield return new VerboseNotice(Errors.Text("NodeCertificatesUnknown", probe.Node, probe.Unreachable));
            }
            else if (Facts(new(client.Name, "Node", "", probe.Node), probe.Report) is { } facts)
            {
                yield return facts;
            }
        }
    }

    /// <summary>The certificate that ends first; null where there is none.</summary>
    internal static CertificateFacts? Facts(ResourceReference node, IReadOnlyList<(string Path, DateTimeOffset NotAfter)> found)
    {
        if (found.Count == 0)
        {
            return null;
        }

        var first = found.Min(file => file.NotAfter);
        return new(node, Reason, first) { Evidence = [.. found.Where(file => file.NotAfter - first < Together).Select(file => file.Path).OrderBy(path => !path.EndsWith(OfServer, StringComparison.Ordinal)).Take(MostPaths)] };
    }

    private static async Task<IReadOnlyList<(string Path, DateTimeOffset NotAfter)>> ReadAsync(ProbePod pod, CancellationToken stop)
    {
        await pod.FinishedAsync(stop);
        return NodeCertificateReport.Parse(await pod.ReadReportAsync(NodeCertificateScript.End, stop));
    }
}
