using HomelabOps.Core.Diagnosis.Wire;

namespace HomelabOps.Core.Diagnosis.Snapshot;

/// <summary>The time as the nodes have it.</summary>
internal static class LeaseClock
{
    /// <summary>Ours may be behind: leases are written all ten seconds by the clocks of the nodes, of which most are right.</summary>
    public static DateTimeOffset Now(IReadOnlyList<LeaseWire>? leases)
    {
        var renewals = (leases ?? []).Select(lease => lease.Spec?.RenewTime).OfType<DateTimeOffset>().Order().ToList();
        var now = DateTimeOffset.UtcNow;
        return renewals.Count > 0 && renewals[renewals.Count / 2] is var usual && usual > now ? usual : now;
    }
}
