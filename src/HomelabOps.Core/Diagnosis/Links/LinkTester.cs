using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Diagnosis.Links;

/// <summary>Looks from within nodes whether they reach each other.</summary>
internal static class LinkTester
{
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(3);

    /// <summary>Gives what became of each link. A node that cannot be looked at tells nothing of its own.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="nodes">All nodes.</param>
    /// <param name="links">What is asked.</param>
    /// <param name="options">How nodes are looked at.</param>
    /// <param name="cancellationToken">Ends everything; the probe pods are deleted all the same.</param>
    /// <exception cref="HomelabException">AccessDenied, NamespaceNotFound.</exception>
    public static async IAsyncEnumerable<Streamed<NodeLink>> TestAsync(
        ClusterClient client,
        IReadOnlyList<NodeWire> nodes,
        IReadOnlyList<NodeLink> links,
        ProbeOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var plan = links.GroupBy(link => link.From).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        var limit = TimeSpan.FromSeconds(Math.Clamp(options.Timeout.TotalSeconds / 3, 1, LongestAnswer.TotalSeconds));
        var probes = NodeProbes.RunAsync(
            client,
            [.. nodes.Where(node => plan.ContainsKey(node.Metadata.Name))],
            options,
            node => LinkScript.Command(limit, plan[node.Metadata.Name]),
            async (pod, stop) =>
            {
                await pod.FinishedAsync(stop);
                return LinkReport.Parse(await pod.ReadReportAsync(LinkScript.End, stop), plan[pod.Node]);
            },
            cancellationToken);
        await foreach (var probe in probes)
        {
            if (probe.Report is null)
            {
                yield return new VerboseNotice(Errors.Text("LinksUnknown", probe.Node, probe.Unreachable));
            }

            foreach (var link in probe.Report ?? [])
            {
                yield return link;
            }
        }
    }
}
