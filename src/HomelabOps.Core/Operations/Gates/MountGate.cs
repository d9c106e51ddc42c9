using HomelabOps.Core.Operations.Planning;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>The mounts that the pods use are there on the target; an application that runs without one writes under an empty mount point.</summary>
internal sealed class MountGate : IFailoverGate
{
    public string Name => "Mounts";

    public GateResult Check(FailoverCase item, FailoverFacts facts)
    {
        var used = MountNeeds.Of(item, facts.Config);
        if (used.Count == 0)
        {
            return GateResult.Pass("Detail_GateMountNone");
        }

        var found = (facts.Mounts ?? []).Where(mount => mount.Node == item.To && used.Contains(mount.Path)).ToList();
        return used.FirstOrDefault(path => !found.Exists(mount => mount.Path == path)) is { } unknown ? GateResult.Fail("Detail_GateMountUnknown", unknown, item.To)
            : found.Find(mount => !mount.Healthy) is { } broken ? GateResult.Fail("Detail_GateMountBroken", broken.Path, item.To, broken.State, broken.Message)
            : GateResult.Pass("Detail_GateMountThere", string.Join(", ", used), item.To);
    }
}
