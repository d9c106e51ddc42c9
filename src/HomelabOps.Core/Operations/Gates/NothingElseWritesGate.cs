using HomelabOps.Core.Operations.Planning;
using HomelabOps.Core.Replication;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>Nothing but the application will write into the copy: movers are silenced with the move, and nobody else mounts it.</summary>
internal sealed class NothingElseWritesGate : IFailoverGate
{
    public string Name => "NothingElseWrites";

    public GateResult Check(FailoverCase item, FailoverFacts facts)
    {
        var claims = item.Claims.Select(claim => claim.Other).ToHashSet(StringComparer.Ordinal);
        foreach (var (pod, owner) in facts.Pods.Where(pod => pod.Pod.Metadata.Namespace == item.App.Namespace && pod.Pod.Status?.Phase is not ("Succeeded" or "Failed")))
        {
            var isMover = pod.Metadata.Labels?.GetValueOrDefault(MoverNames.CreatedBy) == MoverNames.Creator;
            if (!isMover && owner != item.App.Reference && pod.Spec?.Volumes?.Find(volume => volume.PersistentVolumeClaim is { } claim && claims.Contains(claim.ClaimName)) is { } volume)
            {
                return GateResult.Fail("Detail_GateWriterPod", volume.PersistentVolumeClaim!.ClaimName, $"{pod.Metadata.Namespace}/{pod.Metadata.Name}");
            }
        }

        // An operator that knows its own ways cannot be told to stop by us.
        if (item.Replications.FirstOrDefault(replication => item.IsWriter(replication) && replication.Method is "external" or "") is { } foreign)
        {
            return GateResult.Fail("Detail_GateWriterForeign", foreign.Reference, foreign.Method);
        }

        var isHome = facts.Kind == OperationKind.Failback;
        var returning = item.Replications.Where(replication => isHome && item.IsWriter(replication) && replication.Method == "syncthing").Select(replication => replication.Reference.ToString()).ToList();
        var silenced = item.Replications.Where(replication => item.IsWriter(replication) && !(isHome && replication.Method == "syncthing")).Select(replication => replication.Reference.ToString()).ToList();
        return returning.Count > 0 && silenced.Count == 0 ? GateResult.Pass("Detail_GateWriterReturns", string.Join(", ", returning))
            : silenced.Count == 0 ? GateResult.Pass("Detail_GateWriterNone") : GateResult.Pass("Detail_GateWriterSilenced", string.Join(", ", silenced));
    }
}
