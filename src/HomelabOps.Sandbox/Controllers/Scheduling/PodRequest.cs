using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Controllers.Scheduling;

/// <summary>What a pod takes from a node.</summary>
/// <param name="Cpu">Cores.</param>
/// <param name="Memory">Bytes.</param>
/// <param name="Ports">Ports of the node, as protocol and number.</param>
internal sealed record PodRequest(double Cpu, double Memory, IReadOnlyList<string> Ports)
{
    public static PodRequest Of(JsonObject pod)
    {
        var (cpu, memory) = Sum(pod, "spec.containers");

        // Init containers run one after the other, so the largest counts.
        foreach (var container in Cells.Items(pod, "spec.initContainers"))
        {
            cpu = Math.Max(cpu, Amount(container, "cpu"));
            memory = Math.Max(memory, Amount(container, "memory"));
        }

        var isHost = pod["spec"]?["hostNetwork"]?.GetValue<bool>() == true;
        var ports = Cells.Items(pod, "spec.containers").SelectMany(container => Cells.Items(container, "ports"))
            .Select(port => (Number: isHost ? Cells.Number(port, "containerPort") : Cells.Number(port, "hostPort"), Protocol: Cells.Text(port, "protocol", "TCP")))
            .Where(port => port.Number > 0).Select(port => $"{port.Protocol}/{port.Number}").ToList();
        return new(cpu, memory, ports);
    }

    private static (double Cpu, double Memory) Sum(JsonObject pod, string path) =>
        (Cells.Items(pod, path).Sum(container => Amount(container, "cpu")), Cells.Items(pod, path).Sum(container => Amount(container, "memory")));

    private static double Amount(JsonObject container, string resource) => Quantity.Parse(Cells.Text(Cells.At(container, "resources.requests"), resource)) ?? 0;
}
