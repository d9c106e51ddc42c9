using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Record;

namespace HomelabOps;

/// <summary>What this machine knows of a cluster beside what the cluster says.</summary>
internal static class TestQueries
{
    /// <summary>The query, with the working copy of the cluster's repository and the operations that were begun here.</summary>
    public static HomelabTestQuery For(this HomelabTestQuery query, ClusterClient client) =>
        query with { Repository = RepositoryFolder.Of(client, query.Config), Operations = stop => OpenOperations.ReadAsync(client, OperationStore.ForUser(), stop) };
}
