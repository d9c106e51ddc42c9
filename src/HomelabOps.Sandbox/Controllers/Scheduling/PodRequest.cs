using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Controllers.Scheduling;

/// <summary>What a pod takes from a node. Whole numbers, so that sums do not depend on the order of pods.</summary>
/// <param name="Cpu">Thousandths of a core.</param>
/// <param name="Memory">Bytes.</param>
/// <param name="CountedCpu">The same for comparing nodes: a container that asks for nothing needs some all the same.</param>
/// <param name="CountedMemory">The same for comparing nodes.</param>
/// <param name="Ports">Ports of the node, as protocol and number.</param>
internal sealed record PodRequest(long Cpu, long Memory, long CountedCpu, long CountedMemory, IReadOnlyList<string> Ports)
{
    // What the scheduler supposes of a container that says nothing.
    private const long UsualCpu = 100;
    private const long UsualMemory = 200 << 20;

    public static PodRequest Of(JsonObject pod)
    {
        var containers = Cells.Items(pod, "spec.containers").ToList();
        var initial = Cells.Items(pod, "spec.initContainers").ToList();
        var isHost = pod["spec"]?["hostNetwork"]?.GetValue<bool>() == true;
        var ports = containers.SelectMany(container => Cells.Items(container, "ports"))
            .Select(port => (Number: isHost ? Cells.Number(port, "containerPort") : Cells.Number(port, "hostPort"), Protocol: Cells.Text(port, "protocol", "TCP")))
            .Where(port => port.Number > 0).Select(port => $"{port.Protocol}/{port.Number}").ToList();
        return new(Total(CpuOr(0)), Total(MemoryOr(0)), Total(CpuOr(UsualCpu)), Total(MemoryOr(UsualMemory)), ports);

        // Init containers run one after the other, so the largest counts; sidecars go on beside those after them and beside all others.
        long Total(Func<JsonObject, long> amount)
        {
            var (sidecars, most) = (0L, 0L);
            foreach (var container in initial)
            {
                most = Math.Max(most, sidecars + amount(container));
                sidecars += Cells.Text(container, "restartPolicy") == "Always" ? amount(container) : 0;
            }

            return Math.Max(containers.Sum(amount) + sidecars, most);
        }
    }

    /// <summary>A number of cores in thousandths, rounded up.</summary>
    public static long Thousandths(string? cores) => Quantity.Parse(cores) is { } value ? (long)Math.Ceiling(Math.Round(value * 1000, 6)) : 0;

    private static Func<JsonObject, long> CpuOr(long usual) => container => Asked(container, "cpu") is { Length: > 0 } text ? Thousandths(text) : usual;

    private static Func<JsonObject, long> MemoryOr(long usual) => container => Asked(container, "memory") is { Length: > 0 } text ? Quantity.Whole(text) : usual;

    private static string Asked(JsonObject container, string resource) => Cells.Text(Cells.At(container, "resources.requests"), resource);
}
