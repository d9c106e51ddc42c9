using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Replication;

/// <summary>Which replications are meant, and what led to none.</summary>
/// <param name="client">The cluster.</param>
/// <param name="query">What is asked for.</param>
/// <param name="pods">All pods that matter.</param>
internal sealed class ReplicationSelection(ClusterClient client, ReplicationQuery query, ReplicationPods pods)
{
    private static readonly string[] OwnKinds = [ReplicationTypes.SourceKind, ReplicationTypes.DestinationKind];

    private readonly ObjectFilter _objects = new(query.Objects);
    private readonly ObjectFilter _apps = new(new ObjectQuery { Names = query.Apps });
    private readonly HashSet<ResourceReference> _missing = [.. query.References.Where(reference => OwnKinds.Contains(reference.Kind))];

    /// <summary>Whether a replication is asked for.</summary>
    public bool Accepts(ReplicationStatus item)
    {
        // All are asked always: what the one leaves out still shows that the name of the other exists.
        var isNamed = _objects.Accepts(item.Kind, item.Namespace, item.Name);
        var isOfApp = query.Apps.Count == 0 || query.Apps.Any(app => app.Kind is { } kind && _apps.Accepts(kind, item.Namespace, item.App)) || _apps.Accepts("App", item.Namespace, item.App);
        var isLedTo = query.References.Count == 0 || query.References.Any(reference => LeadsTo(reference, item));
        _missing.Remove(item.Reference);
        return isNamed && isOfApp && isLedTo;
    }

    /// <summary>An error for each literal name that led to no replication.</summary>
    public async Task<IReadOnlyList<HomelabException>> MissingAsync(CancellationToken cancellationToken) =>
    [
        .. await _objects.MissingAsync(client, "Replication", "replication", cancellationToken),
        .. _apps.Missing(client.Name, "Replication", "replication of an application"),
        .. _missing.Select(reference => Errors.ObjectNotFound(client.Name, "Replication", "replication", reference.ToString(), null)),
    ];

    private bool LeadsTo(ResourceReference reference, ReplicationStatus item) =>
        reference == item.Reference
        || (reference.Kind == "Node" && item.Pods.Any(pod => pod.Node == reference.Name))
        || (reference.Namespace == item.Namespace && reference.Kind switch
        {
            "Pod" => item.Pods.Any(pod => pod.Name == reference.Name) || pods.IsOf(reference, item.App),
            "PersistentVolumeClaim" => reference.Name == item.SourcePvc || reference.Name == item.DestinationPvc,
            "Deployment" or "StatefulSet" or "DaemonSet" or "CronJob" or "HelmRelease" => reference.Name == item.App || item.Pods.Any(pod => pod.Owner == reference),
            _ => false,
        });
}
