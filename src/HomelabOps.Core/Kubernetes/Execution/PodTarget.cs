using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Execution;

/// <summary>A container that a command can be run in.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Container">The container.</param>
internal sealed record PodTarget(ResourceReference Pod, string Container)
{
    // As kubectl has it; set by whoever adds sidecars.
    private const string DefaultContainer = "kubectl.kubernetes.io/default-container";

    /// <summary>The container of a pod that is meant.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="cluster">Name of its cluster.</param>
    /// <param name="container">Name of the container; null for the one that a user means without naming any.</param>
    /// <exception cref="HomelabException">ContainerNotFound; ContainerNotRunning with what the container waits for or has ended with.</exception>
    public static PodTarget Of(PodWire pod, string cluster, string? container)
    {
        var names = (pod.Spec?.Containers ?? []).Concat(pod.Spec?.InitContainers ?? []).Select(each => each.Name).ToList();
        var wanted = container ?? pod.Metadata.Annotations?.GetValueOrDefault(DefaultContainer);
        var chosen = wanted is null ? names.FirstOrDefault() : names.Find(name => string.Equals(name, wanted, StringComparison.OrdinalIgnoreCase));
        if (chosen is null)
        {
            throw Errors.ContainerNotFound(cluster, wanted ?? "", names);
        }

        var reference = new ResourceReference(cluster, "Pod", pod.Metadata.Namespace ?? "", pod.Metadata.Name);
        var health = PodHealth.Of(pod);
        return Logs.LogContainers.Status(pod, chosen)?.State?.Running is not null
            ? new(reference, chosen)
            : throw Errors.ContainerNotRunning(reference, chosen, health.Message.Length > 0 ? $"{health.Status}: {health.Message}" : health.Status);
    }
}
