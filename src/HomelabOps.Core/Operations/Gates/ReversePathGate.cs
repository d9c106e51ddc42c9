using HomelabOps.Core.Operations.Planning;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>There is a way back: the old claim stays, and what is written on the target can get to it.</summary>
internal sealed class ReversePathGate : IFailoverGate
{
    public string Name => "ReversePath";

    public GateResult Check(FailoverCase item, FailoverFacts facts)
    {
        foreach (var claim in item.Claims)
        {
            if (claim.Volume is null)
            {
                return GateResult.Fail("Detail_GateReverseAbsent", claim.Claim);
            }

            var sides = item.Replications.Where(replication => replication.Method == "syncthing").Select(replication => replication.SourcePvc).ToHashSet(StringComparer.Ordinal);
            if (!sides.Contains(claim.Claim) || !sides.Contains(claim.Other))
            {
                return GateResult.Fail("Detail_GateReverseOneWay", claim.Other, claim.Claim);
            }
        }

        return GateResult.Pass("Detail_GateReverseExists");
    }
}
