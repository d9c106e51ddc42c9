namespace HomelabOps.Core.Kubernetes.Pods;

/// <summary>Which pods are meant, and which names led to none.</summary>
internal sealed class PodSelection(ClusterClient client, PodQuery query)
{
    private readonly TypedNames _nodes = new(query.Nodes);
    private readonly TypedNames _apps = new(query.Apps);

    /// <summary>Names, namespaces and label selector.</summary>
    public ObjectFilter Objects { get; } = new(query.Objects);

    public bool Accepts(HomelabPod pod)
    {
        // Both are asked always: a pod that the one leaves out still shows that the name of the other exists.
        var (ofNode, ofApp) = (_nodes.Accepts(pod.Node), _apps.Accepts(pod.App));
        return ofNode && ofApp && Ownership.IsOf(query.Workloads, pod.Namespace, pod.App) && !(query.Unhealthy && pod.Healthy);
    }

    /// <summary>An error for each literal name of a pod, namespace, node or application that does not exist.</summary>
    public async Task<IReadOnlyList<HomelabException>> MissingAsync(CancellationToken cancellationToken)
    {
        var objects = await Objects.MissingAsync(client, "Pod", null, cancellationToken);
        return objects.Count > 0
            ? objects
            :
            [
                .. await Absence.OfAsync(client, ResourceType.Node, "node", _nodes.Missing, cancellationToken),
                .. _apps.Missing.Select(app => Errors.AppNotFound(client.Name, app, query.Objects.Namespaces)),
            ];
    }
}
