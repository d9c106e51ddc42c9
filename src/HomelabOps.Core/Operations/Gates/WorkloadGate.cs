using HomelabOps.Core.Operations.Planning;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>The workload is one whose claims can be exchanged, nobody else scales it or has its data, and no other change of it is under way.</summary>
internal sealed class WorkloadGate : IFailoverGate
{
    public string Name => "Workload";

    public GateResult Check(FailoverCase item, FailoverFacts facts)
    {
        if (item.App.Kind is WorkloadTypes.DaemonSet or WorkloadTypes.CronJob)
        {
            return GateResult.Fail("Detail_GateWorkloadKind", item.App.Kind);
        }

        if (item.Workload.Wire.Spec?.VolumeClaimTemplates is { Count: > 0 } templates)
        {
            return GateResult.Fail("Detail_GateWorkloadTemplates", item.App.Name, templates[0].Metadata.Name);
        }

        // It would run again where it was moved to.
        if (item.App.Stopped)
        {
            return GateResult.Fail("Detail_GateWorkloadStopped", item.App.Reference);
        }

        if (facts.Autoscaled.Contains(item.App.Reference))
        {
            return GateResult.Fail("Detail_GateWorkloadScaled", item.App.Name);
        }

        var claims = item.Claims.Select(claim => claim.Claim).ToHashSet(StringComparer.Ordinal);
        if (facts.Apps.FirstOrDefault(other => other.Namespace == item.App.Namespace && other.Reference != item.App.Reference && (other.Name == item.App.Name || other.Volumes.Any(volume => claims.Contains(volume.Claim)))) is { } second)
        {
            return GateResult.Fail("Detail_GateWorkloadSecond", item.App.Reference, second.Reference);
        }

        // Pods that are missing are what a failover is for; pods of another template are somebody else's change.
        var state = RolloutState.Of(item.Workload);
        return state.Reason == "Unobserved" || state.Updated < state.Replicas || (state.Available < state.Replicas && !HasSettled(item.Workload))
            ? GateResult.Fail("Detail_GateWorkloadRolling", item.App.Name, state.Message)
            : GateResult.Pass("Detail_GateWorkloadStill", item.App.Reference);
    }

    // Whether the present template has run once: its controllers keep that when pods are lost with their node.
    private static bool HasSettled(Workload workload)
    {
        var status = workload.Wire.Status ?? new();
        return workload.Type.Kind == WorkloadTypes.StatefulSet ? status.UpdateRevision == status.CurrentRevision || workload.Wire.Spec?.UpdateStrategy?.Type == "OnDelete"
            : status.Conditions?.Find(condition => condition.Type == "Progressing")?.Reason is null or "NewReplicaSetAvailable";
    }
}
