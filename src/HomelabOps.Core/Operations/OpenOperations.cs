using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Operations.Record;

namespace HomelabOps.Core.Operations;

/// <summary>Finds the operations of a cluster that somebody has left half way.</summary>
internal static class OpenOperations
{
    /// <summary>Those that are neither done nor taken back and that no process works at. What cannot be read is left out.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="store">Where operations are.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async Task<IReadOnlyList<OpenOperation>> ReadAsync(ClusterClient client, OperationStore store, CancellationToken cancellationToken)
    {
        var records = store.Read(_ => { }).Where(record => record.IsOpen && record.IsBegun).ToList();
        if (records.Count == 0)
        {
            return [];
        }

        var (found, identity) = (new List<OpenOperation>(), await OperationQuery.IdentityOfAsync(client, cancellationToken));
        foreach (var record in records.Where(record => OperationQuery.IsOf(record, OperationQuery.ServerOf(client), identity)))
        {
            if (!await store.IsHeldAsync(record.Id, cancellationToken))
            {
                var apps = record.Apps.ConvertAll(app => new ResourceReference(client.Name, app.Kind, app.Namespace, app.Name));
                found.Add(new(record.Id, record.Kind, record.ToOperation(isHeld: false).Status, record.Steps.FindLast(step => step.Status != OperationStepStatus.Pending)!.Name, apps));
            }
        }

        return found;
    }
}
