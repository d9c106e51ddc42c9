using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Logs;

/// <summary>Which pods are meant, and which names led to none.</summary>
internal sealed class LogSelection(ClusterClient client, LogQuery query)
{
    private readonly ObjectFilter _filter = new(query.Objects);
    private readonly PodReader.JobOwners _owners = new(client);
    private readonly TypedNames _apps = new(query.Apps);
    private readonly SortedSet<string> _containers = new(StringComparer.Ordinal);

    public async ValueTask<bool> AcceptsAsync(PodWire pod, CancellationToken cancellationToken)
    {
        if (!_filter.Accepts("Pod", pod.Metadata.Namespace ?? "", pod.Metadata.Name))
        {
            return false;
        }

        // Who owns a pod of a Job costs a request, so it is asked only when it matters.
        if (query.Apps.Count > 0 || query.Workloads.Count > 0)
        {
            var app = Ownership.App(await _owners.TopAsync(pod.Metadata, cancellationToken), pod.Metadata);
            if (!_apps.Accepts(app) || !Ownership.IsOf(query.Workloads, pod.Metadata.Namespace ?? "", app))
            {
                return false;
            }
        }

        _containers.UnionWith(LogContainers.Names(pod));
        return true;
    }

    /// <summary>An error for each literal name of a pod, namespace, app or container that nothing has.</summary>
    public async Task<IReadOnlyList<HomelabException>> MissingAsync(CancellationToken cancellationToken)
    {
        var objects = await _filter.MissingAsync(client, "Pod", null, cancellationToken);
        return objects.Count > 0
            ? objects
            :
            [
                .. _apps.Missing.Select(app => Errors.AppNotFound(client.Name, app, query.Objects.Namespaces)),
                .. query.Containers.Where(_ => _containers.Count > 0)
                    .Where(name => !ResourcePattern.HasWildcard(name) && !_containers.Contains(name, StringComparer.OrdinalIgnoreCase))
                    .Select(name => Errors.ContainerNotFound(client.Name, name, _containers)),
            ];
    }
}
