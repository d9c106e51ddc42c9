using HomelabOps.Core.Kubernetes.Pods;

namespace HomelabOps.Core.Kubernetes.Execution;

/// <summary>The containers that something was asked for, and what cannot be meant.</summary>
internal sealed record PodTargets(IReadOnlyList<PodTarget> Targets, IReadOnlyList<HomelabException> Failures)
{
    /// <summary>Finds what was asked for. A literal name must mean one pod; a wildcard, an application or a reference may mean several.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which pods.</param>
    /// <param name="container">The container of each; null for the usual one.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async Task<PodTargets> FindAsync(ClusterClient client, PodQuery query, string? container, CancellationToken cancellationToken)
    {
        var found = await NamedPods.FindAsync(client, query, cancellationToken);
        var failures = found.Failures.ToList();
        var targets = new List<PodTarget>();
        foreach (var (_, pod) in found.Pods)
        {
            try
            {
                targets.Add(PodTarget.Of(pod, client.Name, container));
            }
            catch (HomelabException error) when (!error.Terminates)
            {
                failures.Add(error);
            }
        }

        return new(targets, failures);
    }
}
