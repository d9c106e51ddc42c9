using System.Runtime.InteropServices;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Usage;

/// <summary>What a pod asks for and what it may use, as the scheduler counts it.</summary>
/// <param name="CpuRequest">Cores; null when nothing is requested.</param>
/// <param name="CpuLimit">Cores; null when a container has no limit.</param>
/// <param name="MemoryRequest">Bytes; null when nothing is requested.</param>
/// <param name="MemoryLimit">Bytes; null when a container has no limit.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PodResources(double? CpuRequest, double? CpuLimit, double? MemoryRequest, double? MemoryLimit)
{
    public static PodResources Of(PodWire pod) => new(
        Request(pod, "cpu"), Limit(pod, "cpu"), Request(pod, "memory"), Limit(pod, "memory"));

    private static double? Request(PodWire pod, string resource) =>
        Total(pod, resource, container => Value(container.Resources?.Requests, resource) ?? Value(container.Resources?.Limits, resource), pod.Spec?.Resources?.Requests) is > 0 and { } total
            ? total
            : null;

    // A container without a limit may take all there is, so the pod has none; an init container that is long over does not count.
    private static double? Limit(PodWire pod, string resource)
    {
        var own = pod.Spec?.Resources?.Limits;
        var lasting = (pod.Spec?.Containers ?? []).Concat((pod.Spec?.InitContainers ?? []).Where(IsSidecar));
        return Value(own, resource) is null && lasting.Any(container => Value(container.Resources?.Limits, resource) is null)
            ? null
            : Total(pod, resource, container => Value(container.Resources?.Limits, resource), own);
    }

    /// <summary>
    /// Containers and sidecars run together; an init container runs alone, but beside the sidecars that were started before
    /// it. The larger of both, and the overhead of the runtime. What is set for the pod as a whole takes precedence.
    /// </summary>
    private static double Total(PodWire pod, string resource, Func<ContainerWire, double?> value, Dictionary<string, string>? ofPod)
    {
        var overhead = Value(pod.Spec?.Overhead, resource) ?? 0;
        if (Value(ofPod, resource) is { } whole)
        {
            return whole + overhead;
        }

        var (sidecars, starting) = (0.0, 0.0);
        foreach (var container in pod.Spec?.InitContainers ?? [])
        {
            var own = value(container) ?? 0;
            sidecars += IsSidecar(container) ? own : 0;
            starting = Math.Max(starting, IsSidecar(container) ? sidecars : sidecars + own);
        }

        return Math.Max(starting, sidecars + (pod.Spec?.Containers ?? []).Sum(container => value(container) ?? 0)) + overhead;
    }

    private static bool IsSidecar(ContainerWire container) => container.RestartPolicy == "Always";

    private static double? Value(Dictionary<string, string>? quantities, string resource) => Quantity.Parse(quantities?.GetValueOrDefault(resource));
}
