using System.Runtime.CompilerServices;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Recovery.Gates;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Recovery;

/// <summary>Says what of a cluster Git would not bring back. Nothing is changed.</summary>
internal static class RecoveryTester
{
    /// <summary>Reads the cluster and its repository, and looks at all gates.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="config">Its settings.</param>
    /// <param name="location">The repository; null where none is known.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<Streamed<RecoveryReadiness>> RunAsync(ClusterClient client, HomelabConfig config, RepositoryLocation? location, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var facts = await new RecoveryReader(client, config).ReadAsync(location, cancellationToken);
        var gates = RecoveryGates.Check(facts);
        yield return new RecoveryReadiness
        {
            Cluster = client.Name,
            Repository = facts.Git?.Repository ?? location?.ToString() ?? "",
            Ready = gates.All(gate => gate.Passed),
            Gates = gates,
        };
    }
}
