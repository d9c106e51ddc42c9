using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Pods;

/// <summary>The pods that something was asked for, and what cannot be meant.</summary>
internal sealed record NamedPods(IReadOnlyList<(HomelabPod Record, PodWire Pod)> Pods, IReadOnlyList<HomelabException> Failures)
{
    /// <summary>Finds what was asked for. A literal name must mean one pod; a wildcard, an application or a reference may mean several.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which pods.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async Task<NamedPods> FindAsync(ClusterClient client, PodQuery query, CancellationToken cancellationToken)
    {
        var selection = new PodSelection(client, query);
        var found = new List<(HomelabPod Record, PodWire Pod)>();
        await foreach (var (pod, owner) in PodReader.ReadWiresAsync(client, query.ToListQuery(), selection.Objects, new PodReader.JobOwners(client), cancellationToken))
        {
            var record = PodMapper.Map(pod, client.Name, owner);
            if (selection.Accepts(record))
            {
                found.Add((record, pod));
            }
        }

        var failures = new List<HomelabException>(await selection.MissingAsync(cancellationToken));
        foreach (var name in query.Objects.Names.Where(name => name.Cluster is null && !name.IsWildcard))
        {
            var matches = found.FindAll(each => name.Matches("Pod", each.Record.Namespace, each.Record.Name));
            if (matches.Count > 1)
            {
                failures.Add(Errors.NameAmbiguous(name.Text, matches.Select(match => match.Record.Reference)));
                found.RemoveAll(matches.Contains);
            }
        }

        return new(found, failures);
    }
}
