using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Mounts.Wire;

namespace HomelabOps.Core.Mounts;

/// <summary>Which pods have folders of their nodes, or exports, as volumes.</summary>
internal static class MountUses
{
    private static readonly ResourceType PersistentVolume = new("", "v1", "persistentvolumes", "PersistentVolume", false);

    /// <summary>All of them. Pods and volumes are read at the same time.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <returns>The volumes in use, and a failure where something may not be read.</returns>
    public static async Task<(IReadOnlyList<MountUse> Uses, HomelabException? Failure)> ReadAsync(ClusterClient client, CancellationToken cancellationToken)
    {
        try
        {
            var reading = VolumesAsync(client, cancellationToken);
            var pods = new List<MountPodWire>();
            await foreach (var pod in client.ListAsync(ResourceType.Pod, new ListQuery(), MountWireContext.Default.MountPodWire, cancellationToken: cancellationToken))
            {
                if (pod.Spec?.Volumes is { Count: > 0 } && pod.Spec.NodeName is { Length: > 0 } && pod.Status?.Phase is not ("Succeeded" or "Failed") && pod.Metadata.Labels?.GetValueOrDefault(ProbePodSpec.NameLabel) != ProbePodSpec.NameValue)
                {
                    pods.Add(pod);
                }
            }

            var volumes = await reading;
            return ([.. pods.SelectMany(pod => Of(client.Name, pod, volumes))], null);
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            return ([], error);
        }
    }

    private static async Task<Dictionary<(string Namespace, string Claim), MountPersistentVolumeSpecWire>> VolumesAsync(ClusterClient client, CancellationToken cancellationToken)
    {
        var volumes = new Dictionary<(string, string), MountPersistentVolumeSpecWire>();
        await foreach (var volume in client.ListAsync(PersistentVolume, new ListQuery(), MountWireContext.Default.MountPersistentVolumeWire, cancellationToken: cancellationToken))
        {
            if (volume.Spec is { ClaimRef: { Namespace: { } space, Name: { } name } } spec)
            {
                volumes[(space, name)] = spec;
            }
        }

        return volumes;
    }

    private static IEnumerable<MountUse> Of(string cluster, MountPodWire pod, Dictionary<(string, string), MountPersistentVolumeSpecWire> volumes)
    {
        var space = pod.Metadata.Namespace ?? "";
        foreach (var volume in pod.Spec!.Volumes!)
        {
            var persistent = volume.PersistentVolumeClaim is { } claim ? volumes.GetValueOrDefault((space, claim.ClaimName)) : null;
            var folder = volume.HostPath?.Path ?? persistent?.Local?.Path ?? persistent?.HostPath?.Path;
            var export = volume.Nfs ?? persistent?.Nfs;
            if (folder is null && export is null)
            {
                continue;
            }

            yield return new(new(cluster, "Pod", space, pod.Metadata.Name), pod.Spec.NodeName!, folder is null ? null : "/" + folder.Trim('/'), export is null ? null : $"{export.Server}:{export.Path}")
            {
                Places = folder is null ? [] : [.. Places(pod, volume.Name)],
            };
        }
    }

    private static IEnumerable<(string Container, string Path, string Part)> Places(MountPodWire pod, string volume) =>
        from container in pod.Spec!.Containers ?? []
        let id = pod.Status?.ContainerStatuses?.Find(status => status.Name == container.Name)?.ContainerId
        where id is not null
        from mount in container.VolumeMounts ?? []
        where mount.Name == volume
        select (id[(id.LastIndexOf('/') + 1)..], "/" + mount.MountPath.Trim('/'), mount.SubPath?.Trim('/') ?? "");
}
