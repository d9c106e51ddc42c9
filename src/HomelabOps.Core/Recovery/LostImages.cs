using HomelabOps.Core.Diagnosis.Pods;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Recovery;

/// <summary>Images by digest that are gone. No registry is asked: what a node was told when it tried to have one is all that is known.</summary>
internal static class LostImages
{
    private const string Digest = "@sha256:";
    private const string Gone = "ImageNotFound";

    /// <summary>Reads the pods of a cluster.</summary>
    /// <exception cref="HomelabException">Those of a list.</exception>
    public static async Task<IReadOnlyList<string>> ReadAsync(ClusterClient client, CancellationToken cancellationToken)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var pod in client.ListAsync(ResourceType.Pod, new ListQuery(), WireContext.Default.PodWire, cancellationToken: cancellationToken))
        {
            found.UnionWith(Of(pod));
        }

        return [.. found];
    }

    /// <summary>Those of a pod, each with its name.</summary>
    internal static IEnumerable<string> Of(PodWire pod)
    {
        var images = (pod.Spec?.InitContainers ?? []).Concat(pod.Spec?.Containers ?? []).ToDictionary(container => container.Name, container => container.Image ?? "", StringComparer.Ordinal);
        return (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? [])
            .Where(status => status.State?.Waiting is { Reason: { } reason } waiting && ImageTrouble.IsWaiting(reason) && ImageTrouble.Reason(reason, waiting.Message ?? "") == Gone)
            .Select(status => images.GetValueOrDefault(status.Name, "")).Where(image => image.Contains(Digest, StringComparison.Ordinal))
            .Select(image => $"{image} ({pod.Metadata.Namespace}/{pod.Metadata.Name})");
    }
}
