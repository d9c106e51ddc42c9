using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.Kubelet;
using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Controllers.Nodes.Serving;

/// <summary>
/// What containers and nodes use: about what they ask for, wandering with the time, the same for the same container at the same
/// time. All that shows usage takes it from here, so that it agrees.
/// </summary>
internal static class UsageModel
{
    private const double SystemCpu = 0.12;
    private const double SystemMemory = 1.1 * (1L << 30);
    private const double ShareOfRequest = 0.7;
    private const double Wander = 0.25;

    /// <summary>Cores and bytes of a container; nothing for one that does not run.</summary>
    public static (double Cpu, double Memory) Of(PodRun run, ContainerRun container, DateTimeOffset now)
    {
        if (container.Phase != ContainerPhase.Running)
        {
            return default;
        }

        var requests = container.Spec["resources"]?["requests"];
        var limit = Quantity.Parse((string?)container.Spec["resources"]?["limits"]?["memory"]) ?? double.MaxValue;
        var application = container.Plan?.Application;
        var cpu = Quantity.Parse(Text(requests, "cpu")) * ShareOfRequest ?? (application?.Cpu ?? 1) / 1000.0;
        var memory = Quantity.Parse(Text(requests, "memory")) * ShareOfRequest ?? (application?.Memory ?? 2) * (double)(1 << 20);
        var phase = Convert.ToInt32(ImageReference.Hash(run.Uid + container.Name)[..6], 16) % 6283 / 1000.0;
        return (cpu * Factor(now, phase, TimeSpan.FromMinutes(7)), Math.Min(memory * Factor(now, phase, TimeSpan.FromMinutes(53)), limit * 0.95));
    }

    /// <summary>Bytes of its node's disk that a container has written, beside its volumes: between 8 and 519 MiB.</summary>
    public static long Disk(ContainerRun container) => (8L + (Convert.ToInt64(ImageReference.Hash(Cells.Text(container.Spec, "image"))[..8], 16) % 512)) << 20;

    /// <summary>Cores and bytes of a node with all that runs on it.</summary>
    public static (double Cpu, double Memory) Of(SimulatedNode node, IEnumerable<(double Cpu, double Memory)> pods, DateTimeOffset now)
    {
        var (cpu, memory) = pods.Aggregate((Cpu: SystemCpu * Factor(now, 1, TimeSpan.FromMinutes(11)), Memory: SystemMemory), (sum, pod) => (sum.Cpu + pod.Cpu, sum.Memory + pod.Memory));
        return (Math.Min(cpu, node.Cpu * 0.98), Math.Min(memory, node.Memory * 0.97));
    }

    /// <summary>As the API writes nanocores.</summary>
    public static string Cpu(double cores) => string.Create(CultureInfo.InvariantCulture, $"{(long)(cores * 1e9)}n");

    /// <summary>As the API writes memory.</summary>
    public static string Memory(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{(long)(bytes / 1024)}Ki");

    private static double Factor(DateTimeOffset now, double phase, TimeSpan period) => 1 + (Wander * Math.Sin((now.ToUnixTimeMilliseconds() / period.TotalMilliseconds * 2 * Math.PI) + phase));

    private static string? Text(JsonNode? requests, string name) => Cells.Text(requests, name) is { Length: > 0 } text ? text : null;
}
