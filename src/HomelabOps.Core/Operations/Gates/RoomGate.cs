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

        // All that are moved together have to find room beside each other.
        var coming = facts.Cases.Where(other => other.To == item.To).Append(item).DistinctBy(other => other.App.Reference).ToList();
        var moved = coming.Select(other => other.App.Reference).ToHashSet();
        var placed = facts.Pods.Where(pod => pod.Pod.Spec?.NodeName == item.To && pod.Pod.Status?.Phase is not ("Succeeded" or "Failed") && (pod.Owner is null || !moved.Contains(pod.Owner))).Select(pod => PodResources.Of(pod.Pod)).ToList();
        var (pods, ownCpu, ownMemory) = (coming.Sum(Pods), coming.Sum(other => Pods(other) * (Asked(other).CpuRequest ?? 0)), coming.Sum(other => Pods(other) * (double)(Asked(other).MemoryRequest ?? 0)));
        var (cpu, memory) = (allocatable.Cpu - placed.Sum(pod => pod.CpuRequest ?? 0), allocatable.Memory - placed.Sum(pod => pod.MemoryRequest ?? 0));
        return ownCpu > cpu ? GateResult.Fail("Detail_GateRoomCpu", item.To, Display.Cpu(ownCpu), Display.Cpu(Math.Max(0, cpu)))
            : ownMemory > memory ? GateResult.Fail("Detail_GateRoomMemory", item.To, Display.Bytes((long)ownMemory), Display.Bytes((long)Math.Max(0, memory)))
            : placed.Count + pods > allocatable.Pods ? GateResult.Fail("Detail_GateRoomPods", item.To, allocatable.Pods)
            : GateResult.Pass("Detail_GateRoomLeft", item.To, Display.Cpu(cpu), Display.Bytes((long)memory));
    }

    private static int Pods(FailoverCase item) => Math.Max(1, item.App.Stopped ? item.App.StoppedReplicas : item.App.Replicas);

    private static PodResources Asked(FailoverCase item) => PodResources.Of(new PodWire { Spec = item.PodSpec });
}
