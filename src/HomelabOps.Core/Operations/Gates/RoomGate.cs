using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Usage;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Operations.Planning;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>What the pods ask for is left on the target.</summary>
internal sealed class RoomGate : IFailoverGate
{
    public string Name => "Room";

    public GateResult Check(FailoverCase item, FailoverFacts facts)
    {
        if (facts.Nodes.GetValueOrDefault(item.To)?.Status?.Allocatable is not { Count: > 0 } quantities)
        {
            return GateResult.Fail("Detail_GateRoomUnknown", item.To);
        }

        var allocatable = NodeMapper.Resources(quantities);
        var own = PodResources.Of(new PodWire { Spec = item.PodSpec });
        var placed = facts.Pods.Where(pod => pod.Pod.Spec?.NodeName == item.To && pod.Pod.Status?.Phase is not ("Succeeded" or "Failed") && pod.Owner != item.App.Reference).Select(pod => PodResources.Of(pod.Pod)).ToList();
        var pods = Math.Max(1, item.App.Stopped ? item.App.StoppedReplicas : item.App.Replicas);
        var (cpu, memory) = (allocatable.Cpu - placed.Sum(pod => pod.CpuRequest ?? 0), allocatable.Memory - placed.Sum(pod => pod.MemoryRequest ?? 0));
        return (own.CpuRequest ?? 0) * pods > cpu ? GateResult.Fail("Detail_GateRoomCpu", item.To, Display.Cpu((own.CpuRequest ?? 0) * pods), Display.Cpu(Math.Max(0, cpu)))
            : (own.MemoryRequest ?? 0) * pods > memory ? GateResult.Fail("Detail_GateRoomMemory", item.To, Display.Bytes((long)(own.MemoryRequest ?? 0) * pods), Display.Bytes((long)Math.Max(0, memory)))
            : placed.Count + pods > allocatable.Pods ? GateResult.Fail("Detail_GateRoomPods", item.To, allocatable.Pods)
            : GateResult.Pass("Detail_GateRoomLeft", item.To, Display.Cpu(cpu), Display.Bytes((long)memory));
    }
}
