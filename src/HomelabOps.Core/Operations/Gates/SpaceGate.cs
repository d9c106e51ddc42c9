using HomelabOps.Core.Operations.Planning;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>The target's disk has room for one more copy of the data, which is kept as it is now.</summary>
internal sealed class SpaceGate : IFailoverGate
{
    public string Name => "Space";

    public GateResult Check(FailoverCase item, FailoverFacts facts)
    {
        if (facts.Targets.GetValueOrDefault(item.To) is not { Unlooked: null } target)
        {
            return GateResult.Fail("Detail_GateSpaceUnknown", item.To, facts.Targets.GetValueOrDefault(item.To)?.Unlooked?.Message);
        }

        // All that are moved together are copied before the first of them runs.
        var needed = facts.Cases.Where(other => other.To == item.To).SelectMany(other => other.Paths).Distinct(StringComparer.Ordinal).Sum(path => target.Sizes.GetValueOrDefault(path));
        foreach (var path in item.Paths)
        {
            if (!target.Free.TryGetValue(path, out var free))
            {
                return GateResult.Fail("Detail_GateSpaceFolder", path, item.To);
            }

            if (needed > free)
            {
                return GateResult.Fail("Detail_GateSpaceShort", item.To, Display.Bytes(needed), Display.Bytes(free));
            }
        }

        return GateResult.Pass("Detail_GateSpaceLeft", Display.Bytes(needed), item.To);
    }
}
