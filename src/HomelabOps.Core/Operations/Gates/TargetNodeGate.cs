using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Operations.Planning;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>The target is ready, not cordoned, without pressure, and has no taint that the pods do not tolerate.</summary>
internal sealed class TargetNodeGate : IFailoverGate
{
    private static readonly string[] Pressures = ["MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"];

    /// <summary>Its name.</summary>
    public const string GateName = "TargetNode";

    public string Name => GateName;

    public GateResult Check(FailoverCase item, FailoverFacts facts)
    {
        if (facts.Nodes.GetValueOrDefault(item.To) is not { } node)
        {
            return GateResult.Fail("Detail_GateTargetAbsent", item.To, string.Join(", ", facts.Nodes.Keys.Order(StringComparer.Ordinal)));
        }

        return !NodeTerms.IsReady(node) ? GateResult.Fail("Detail_GateTargetNotReady", item.To)
            : facts.Kind == OperationKind.Failback && !NodeCordon.IsInService(node, removeTaint: true) ? GateResult.Pass("Detail_GateTargetReadmitted", item.To)
            : node.Spec?.Unschedulable == true ? GateResult.Fail("Detail_GateTargetCordoned", item.To)
            : node.Status?.Conditions?.Find(condition => condition.Status == "True" && Pressures.Contains(condition.Type)) is { } pressure ? GateResult.Fail("Detail_GateTargetPressure", item.To, pressure.Type)
            : node.Spec?.Taints?.Find(taint => taint.Effect != "PreferNoSchedule" && !NodeTaints.IsTolerated(item.PodSpec.Tolerations, taint)) is { } taint ? GateResult.Fail("Detail_GateTargetTaint", item.To, taint.Key)
            : GateResult.Pass("Detail_GateTargetReady", item.To);
    }
}
