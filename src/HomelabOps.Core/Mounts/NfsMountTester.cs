using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Mounts;

/// <summary>Looks at mounts of nodes from within the nodes.</summary>
internal static class NfsMountTester
{
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(5);

    /// <summary>Gives how each mount is, as the nodes answer.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which mounts.</param>
    /// <param name="cancellationToken">Ends everything; the probe pods are deleted all the same.</param>
    /// <exception cref="HomelabException">NodePathInvalid, MountRequired, AccessDenied, NamespaceNotFound.</exception>
    public static async IAsyncEnumerable<Streamed<NfsMountStatus>> TestAsync(ClusterClient client, NfsMountQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var mounts = Mounts(query);
        var reading = MountUses.ReadAsync(client, cancellationToken);
        var (nodes, missing) = await NodeProbes.FindNodesAsync(client, new ObjectQuery { Names = query.Nodes }, cancellationToken);
        var plan = Plan(query, mounts, nodes, client.Name, out var absent);
        foreach (var error in missing.Concat(absent))
        {
            yield return new FailureNotice(error);
        }

        var (uses, failure) = await reading;
        if (failure is not null)
        {
            yield return new WarningNotice(Errors.Text("MountPodsUnknown", failure.Message));
        }

        var byNode = uses.ToLookup(use => use.Node);
        var limit = TimeSpan.FromSeconds(Math.Clamp(query.Probe.Timeout.TotalSeconds / 3, 1, LongestAnswer.TotalSeconds));
        var probes = NodeProbes.RunAsync(
            client,
            [.. nodes.Where(node => plan.ContainsKey(node.Metadata.Name))],
            query.Probe,
            node => Command(limit, plan[node.Metadata.Name], byNode[node.Metadata.Name]),
            (pod, stop) => ReadAsync(pod, plan[pod.Node].Count, stop),
            cancellationToken);
        await foreach (var probe in probes)
        {
            foreach (var (index, wanted) in plan[probe.Node].Index())
            {
                yield return probe.Report is { } report
                    ? MountJudge.WithPods(MountJudge.Judge(client.Name, probe.Node, wanted, report.Mounts, report.Places[index]), report, byNode[probe.Node])
                    : MountJudge.Unreachable(client.Name, probe.Node, wanted.Path, probe.Unreachable);
            }
        }
    }

    private static async Task<MountReport> ReadAsync(ProbePod pod, int places, CancellationToken cancellationToken)
    {
        await pod.FinishedAsync(cancellationToken);
        return MountReport.Parse(await pod.ReadReportAsync(MountScript.End, cancellationToken), places);
    }

    private static IReadOnlyList<string> Command(TimeSpan limit, IReadOnlyList<HomelabConfigMount> mounts, IEnumerable<MountUse> uses) => MountScript.Command(
        limit,
        [.. mounts.Select(mount => mount.Path)],
        uses.Where(use => mounts.Any(mount => use.Sees(mount.Path))).SelectMany(use => use.Places).Select(place => place.Container).Distinct());

    private static List<HomelabConfigMount> Mounts(NfsMountQuery query)
    {
        var known = query.Config.Mounts.Select(mount => mount with { Path = MountPaths.Normalize(mount.Path) }).ToList();
        var mounts = query.Paths.Count == 0
            ? known
            : [.. query.Paths.Select(MountPaths.Normalize).Distinct().Select(path => known.Find(mount => mount.Path == path) ?? new() { Path = path })];
        return mounts.Count > 0 ? mounts : throw Errors.MountRequired(query.Config.Path);
    }

    // The mounts of each node. Who names nodes, or a path that no setting knows, wants to see it there.
    private static Dictionary<string, List<HomelabConfigMount>> Plan(NfsMountQuery query, List<HomelabConfigMount> mounts, IReadOnlyList<NodeWire> nodes, string cluster, out List<HomelabException> absent)
    {
        absent = [];
        var plan = new Dictionary<string, List<HomelabConfigMount>>(StringComparer.Ordinal);
        var all = nodes.Select(node => node.Metadata.Name).ToList();

        // Without a file nothing says which nodes have mounts; in the runbook's homelab those that applications run on do.
        var workers = nodes.Where(node => !IsControlPlane(node)).Select(node => node.Metadata.Name).ToList();
        var usual = query.Config.Path is null && workers.Count > 0 ? workers : all;
        foreach (var mount in mounts)
        {
            var wanted = query.Nodes.Count > 0 ? all : mount.Nodes.Count > 0 ? mount.Nodes : usual;
            absent.AddRange(wanted.Except(all).Select(name => Errors.ObjectNotFound(cluster, "Node", "node", name, null)));
            foreach (var name in wanted.Intersect(all))
            {
                if (!plan.TryGetValue(name, out var of))
                {
                    plan[name] = of = [];
                }

                of.Add(mount);
            }
        }

        return plan;
    }

    private static bool IsControlPlane(NodeWire node) =>
        node.Metadata.Labels is { } labels && (labels.ContainsKey("node-role.kubernetes.io/control-plane") || labels.ContainsKey("node-role.kubernetes.io/master"));
}
