using HomelabOps.Core.Operations.Planning;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>Each claim has one on the target that stands for it, bound to a volume there.</summary>
internal sealed class BackupClaimGate : IFailoverGate
{
    public string Name => "BackupClaim";

    // Without any claim to exchange its pods would only be made anew, wherever they come to run.
    public bool CanBeOverridden(FailoverCase item, FailoverFacts facts) => item.Claims.Count > 0;

    public GateResult Check(FailoverCase item, FailoverFacts facts) => item switch
    {
        { Unpaired: [var claim, ..] } => GateResult.Fail("Detail_GateClaimUnpaired", claim, item.To, facts.Config.BackupClaimPattern),
        { Claims: [], Arrived: [] } => GateResult.Fail("Detail_GateClaimNone", item.App.Name),
        _ when item.Claims.FirstOrDefault(claim => claim.OtherVolume is null) is { } absent => GateResult.Fail("Detail_GateClaimAbsent", absent.Other),
        _ when item.Claims.FirstOrDefault(claim => claim.OtherVolume!.Phase != "Bound") is { } loose => GateResult.Fail("Detail_GateClaimNotBound", loose.Other, loose.OtherVolume!.Phase),
        _ when item.Claims.FirstOrDefault(claim => claim.OtherVolume!.Node != item.To) is { } elsewhere => GateResult.Fail("Detail_GateClaimElsewhere", elsewhere.Other, elsewhere.OtherVolume!.Volume, elsewhere.OtherVolume.Node.Length > 0 ? elsewhere.OtherVolume.Node : "-", item.To),
        _ => GateResult.Pass("Detail_GateClaimBound", string.Join(", ", item.Claims.Select(claim => $"{claim.Other} ({claim.OtherVolume!.Volume})"))),
    };
}
