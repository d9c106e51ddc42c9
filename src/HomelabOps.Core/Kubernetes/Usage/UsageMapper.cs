using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Usage;

/// <summary>Makes records of what was measured.</summary>
internal static class UsageMapper
{
    public static HomelabUsage Node(string cluster, NodeWire node, Measurement measured, List<PodWire>? pods, string source)
    {
        // A pod that has ended holds nothing any more.
        var held = pods?.FindAll(pod => pod.Spec?.NodeName == node.Metadata.Name && pod.Status?.Phase is not ("Succeeded" or "Failed")).ConvertAll(PodResources.Of);
        var allocatable = NodeMapper.Resources(node.Status?.Allocatable);
        return new HomelabUsage
        {
            Cluster = cluster,
            Kind = "Node",
            Name = node.Metadata.Name,
            Cpu = measured.Cpu,
            Memory = measured.Memory,
            CpuRequest = Sum(held, pod => pod.CpuRequest),
            CpuLimit = Sum(held, pod => pod.CpuLimit),
            MemoryRequest = Whole(Sum(held, pod => pod.MemoryRequest)),
            MemoryLimit = Whole(Sum(held, pod => pod.MemoryLimit)),
            CpuPercent = Percent(measured.Cpu, allocatable.Cpu),
            MemoryPercent = Percent(measured.Memory, allocatable.Memory),
            Source = source,
            Time = WireMapping.Local(measured.Time),
        };
    }

    public static HomelabUsage Pod(string cluster, PodWire pod, Measurement measured, string source)
    {
        var resources = PodResources.Of(pod);
        return new HomelabUsage
        {
            Cluster = cluster,
            Kind = "Pod",
            Namespace = pod.Metadata.Namespace ?? "",
            Name = pod.Metadata.Name,
            Cpu = measured.Cpu,
            Memory = measured.Memory,
            CpuRequest = resources.CpuRequest,
            CpuLimit = resources.CpuLimit,
            MemoryRequest = Whole(resources.MemoryRequest),
            MemoryLimit = Whole(resources.MemoryLimit),
            CpuPercent = Percent(measured.Cpu, resources.CpuLimit ?? resources.CpuRequest),
            MemoryPercent = Percent(measured.Memory, resources.MemoryLimit ?? resources.MemoryRequest),
            Source = source,
            Time = WireMapping.Local(measured.Time),
        };
    }

    /// <summary>The sum of quantities, as metrics.k8s.io gives them for each container.</summary>
    public static Measurement Measure(IEnumerable<Dictionary<string, string>?> usages, DateTimeOffset? time)
    {
        var (cpu, memory) = (0.0, 0L);
        foreach (var usage in usages)
        {
            cpu += Quantity.Parse(usage?.GetValueOrDefault("cpu")) ?? 0;
            memory += Quantity.Whole(usage?.GetValueOrDefault("memory"));
        }

        return new Measurement(cpu, memory, time);
    }

    private static double? Sum(List<PodResources>? pods, Func<PodResources, double?> value) =>
        pods?.ConvertAll(pod => value(pod)).FindAll(part => part is not null) is { Count: > 0 } parts ? parts.Sum() : null;

    private static long? Whole(double? value) => value is { } bytes ? (long)Math.Ceiling(bytes) : null;

    private static double? Percent(double value, double? of) => of is > 0 and { } whole ? value / whole * 100 : null;
}
