using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Logs;

/// <summary>Which pods are meant, and which names led to none.</summary>
internal sealed class LogSelection(ClusterClient client, LogQuery query)
{
    private readonly ObjectFilter _filter = new(query.Objects);
    private readonly PodReader.JobOwners _owners = new(client);
    private readonly HashSet<string> _apps = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<string> _containers = new(StringComparer.Ordinal);

    public async ValueTask<bool> AcceptsAsync(PodWire pod, CancellationToken cancellationToken)
    {
        if (!_filter.Accepts("Pod", pod.Metadata.Namespace ?? "", pod.Metadata.Name))
        {
            return false;
        }

        // Who owns a pod of a Job costs a request, so it is asked only when it matters.
        if (query.Apps.Count > 0)
        {
            var app = Ownership.App(await _owners.TopAsync(pod.Metadata, cancellationToken), pod.Metadata);
            if (!query.Apps.Any(pattern => ResourcePattern.Matches(pattern, app)))
            {
                return false;
            }

            _apps.Add(app);
        }

        _containers.UnionWith(LogContainers.Names(pod));
        return true;
    }

    /// <summary>An error for each literal name of a pod, app or container that nothing has.</summary>
    public IEnumerable<HomelabException> Missing()
    {
        var @namespace = query.Objects.Namespaces.Count == 0 ? null : string.Join(", ", query.Objects.Namespaces);
        var pods = _filter.Missing(client.Name, "Pod");
        var apps = query.Apps.Where(app => !ResourcePattern.HasWildcard(app) && !_apps.Contains(app))
            .Select(app => Errors.ObjectNotFound(client.Name, "App", "app with pods", app, @namespace));
        var containers = query.Containers.Where(_ => _containers.Count > 0)
            .Where(name => !ResourcePattern.HasWildcard(name) && !_containers.Contains(name, StringComparer.OrdinalIgnoreCase))
            .Select(name => Errors.ContainerNotFound(client.Name, name, _containers));
        return pods.Concat(apps).Concat(containers);
    }
}
