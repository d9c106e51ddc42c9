using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Replication.Syncthing;

/// <summary>Which Syncthings are meant, and what led to none.</summary>
/// <param name="client">The cluster.</param>
/// <param name="query">What is asked for.</param>
/// <param name="pods">All pods that matter.</param>
internal sealed class SyncthingSelection(ClusterClient client, SyncthingQuery query, ReplicationPods pods)
{
    private readonly ObjectFilter _objects = new(query.Objects);
    private readonly ObjectFilter _apps = new(new ObjectQuery { Names = query.Apps });

    /// <summary>Whether a Syncthing is asked for.</summary>
    public bool Accepts(SyncthingTarget target)
    {
        var isNamed = _objects.Accepts(target.Source.Kind, target.Source.Namespace, target.Source.Name);
        var isOfApp = query.Apps.Count == 0 || query.Apps.Any(app => _apps.Accepts(app.Kind ?? "App", target.Source.Namespace, target.App));
        return isNamed && isOfApp
            && (query.Roles.Count == 0 || query.Roles.Contains(target.Role))
            && (query.References.Count == 0 || query.References.Any(reference => LeadsTo(reference, target)));
    }

    /// <summary>An error for each literal name that led to no Syncthing.</summary>
    public async Task<IReadOnlyList<HomelabException>> MissingAsync(CancellationToken cancellationToken) =>
    [
        .. await _objects.MissingAsync(client, "Replication", "Syncthing", cancellationToken),
        .. _apps.Missing(client.Name, "Replication", "Syncthing of an application"),
    ];

    private bool LeadsTo(ResourceReference reference, SyncthingTarget target) =>
        reference == target.Source
        || (reference.Kind == "Node" && target.Pods.Any(pod => pod.Node == reference.Name))
        || (reference.Namespace == target.Source.Namespace && reference.Kind switch
        {
            "Pod" => target.Pods.Any(pod => pod.Name == reference.Name) || pods.IsOf(reference, target.App),
            "PersistentVolumeClaim" => reference.Name == target.Item?.Spec?.SourcePvc,
            "Deployment" or "StatefulSet" or "DaemonSet" or "CronJob" or "HelmRelease" => reference.Name == target.App || target.Pods.Any(pod => pod.Owner == reference),
            _ => false,
        });
}
