using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Operations.Record;

namespace HomelabOps.Core.Operations;

/// <summary>Finds operations of the journal.</summary>
internal static class OperationQuery
{
    /// <summary>The operations, the newest first.</summary>
    /// <param name="store">Where they are.</param>
    /// <param name="ids">Ids, with wildcards; empty for all.</param>
    /// <param name="skip">Takes why one cannot be read.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<HomelabOperation>> ReadAsync(OperationStore store, IReadOnlyList<string> ids, Action<HomelabException> skip, CancellationToken cancellationToken)
    {
        var found = new List<HomelabOperation>();
        foreach (var record in store.Read(skip).Where(record => ids.Count == 0 || ids.Any(id => ResourcePattern.Matches(id, record.Id))))
        {
            found.Add(record.ToOperation(await store.IsHeldAsync(record.Id, cancellationToken)));
        }

        return found;
    }

    /// <summary>What tells a cluster whatever its connection is called: scheme, host and port. A path may be a secret.</summary>
    public static string ServerOf(ClusterClient client) => client.Endpoint.Server.GetLeftPart(UriPartial.Authority);

    /// <summary>What tells a cluster wherever it is reached: the UID of its first namespace; empty where that may not be read.</summary>
    public static async Task<string> IdentityOfAsync(ClusterClient client, CancellationToken cancellationToken)
    {
        try
        {
            return (string?)(await client.FindObjectAsync(ResourceType.Namespace, null, "kube-system", cancellationToken))?["metadata"]?["uid"] ?? "";
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            return "";
        }
    }

    /// <summary>Whether an operation is one of a cluster.</summary>
    /// <param name="record">The operation.</param>
    /// <param name="server">Scheme, host and port of the cluster's API server.</param>
    /// <param name="identity">What tells the cluster; empty when unknown.</param>
    public static bool IsOf(OperationRecord record, string server, string identity) => record.ClusterId.Length > 0 && identity.Length > 0 ? record.ClusterId == identity : record.Server == server;

    /// <summary>The operation that an application is in and that is not done; null for none.</summary>
    /// <param name="store">Where the operations are.</param>
    /// <param name="isHere">Whether an operation is one of the application's cluster.</param>
    /// <param name="app">The application.</param>
    /// <exception cref="HomelabException">JournalTooNew, OperationUnreadable.</exception>
    public static OperationRecord? FindOpen(OperationStore store, Func<OperationRecord, bool> isHere, HomelabApp app) => store.ReadBut(OperationStatus.Completed, OperationStatus.Undone).FirstOrDefault(record =>
        record.IsOpen && isHere(record) && record.Apps.Exists(own => own.Kind == app.Kind && own.Namespace == app.Namespace && own.Name == app.Name));

    /// <summary>The other operations of the same cluster that are not done. Those that cannot be read are left out.</summary>
    public static IEnumerable<OperationRecord> FindOthers(OperationStore store, OperationRecord record) =>
        store.Read(_ => { }).Where(other => other.IsOpen && other.Id != record.Id && IsOf(other, record.Server, record.ClusterId));

    /// <summary>
    /// Replications that the last move of each application has silenced, each as kind, namespace and name. What a person has stopped is not
    /// among them, nor what a way home has let go on since. What was only replicated again did not move.
    /// </summary>
    /// <exception cref="HomelabException">JournalTooNew, OperationUnreadable.</exception>
    public static IReadOnlySet<string> FindHalted(OperationStore store, Func<OperationRecord, bool> isHere) => store.ReadBut(OperationStatus.Undone).Where(record => isHere(record) && !record.Stays && record.Status != OperationStatus.Undone)
        .SelectMany(record => record.Apps.Select(app => (record.Kind, App: app))).DistinctBy(move => (move.App.Kind, move.App.ToString())).Where(move => move.Kind != OperationKind.Failback)
        .SelectMany(move => move.App.Writers).Select(writer => writer.ToString()).ToHashSet(StringComparer.Ordinal);

    /// <summary>The operation of an id, or the newest that is not done.</summary>
    /// <exception cref="HomelabException">OperationNotFound, JournalTooNew, OperationUnreadable.</exception>
    public static OperationRecord Find(OperationStore store, string? id)
    {
        // One that cannot be read says so when it is meant.
        var all = store.Read(_ => { });
        return (id is null ? all.FirstOrDefault(record => record.IsOpen) : store.Find(id))
            ?? throw Errors.OperationNotFound(id ?? "", [.. all.Take(5).Select(record => record.Id)]);
    }
}
