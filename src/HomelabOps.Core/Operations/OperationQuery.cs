using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Operations.Record;

namespace HomelabOps.Core.Operations;

/// <summary>Finds operations of the journal.</summary>
internal static class OperationQuery
{
    /// <summary>The operations, the newest first.</summary>
    /// <param name="store">Where they are.</param>
    /// <param name="ids">Ids, with wildcards; empty for all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HomelabException">JournalTooNew, OperationUnreadable.</exception>
    public static async Task<IReadOnlyList<HomelabOperation>> ReadAsync(OperationStore store, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var found = new List<HomelabOperation>();
        foreach (var record in store.Read().Where(record => ids.Count == 0 || ids.Any(id => ResourcePattern.Matches(id, record.Id))))
        {
            found.Add(record.ToOperation(await store.IsHeldAsync(record.Id, cancellationToken)));
        }

        return found;
    }

    /// <summary>What tells a cluster whatever its connection is called: scheme, host and port. A path may be a secret.</summary>
    public static string ServerOf(ClusterClient client) => client.Endpoint.Server.GetLeftPart(UriPartial.Authority);

    /// <summary>The operation that an application is in and that is not done; null for none.</summary>
    /// <param name="store">Where the operations are.</param>
    /// <param name="server">Address of the cluster's API server.</param>
    /// <param name="app">The application.</param>
    /// <exception cref="HomelabException">JournalTooNew, OperationUnreadable.</exception>
    public static OperationRecord? FindOpen(OperationStore store, string server, HomelabApp app) => store.Read().FirstOrDefault(record =>
        record.Status is not (OperationStatus.Completed or OperationStatus.Undone) && record.Server == server
        && record.Apps.Exists(own => own.Kind == app.Kind && own.Namespace == app.Namespace && own.Name == app.Name));

    /// <summary>The operation of an id, or the newest that is not done.</summary>
    /// <exception cref="HomelabException">OperationNotFound.</exception>
    public static OperationRecord Find(OperationStore store, string? id)
    {
        var all = store.Read();
        return (id is null ? all.FirstOrDefault(record => record.Status is not (OperationStatus.Completed or OperationStatus.Undone)) : all.FirstOrDefault(record => record.Id == id))
            ?? throw Errors.OperationNotFound(id ?? "", [.. all.Take(5).Select(record => record.Id)]);
    }
}
