using System.Net;
using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.MetalLB;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>Pools of addresses that overlap, or of which every address is taken.</summary>
internal sealed class AddressPoolCheck : IHomelabCheck
{
    private const string Overlapping = "PoolsOverlap";
    private const string Exhausted = "PoolExhausted";

    /// <summary>What explains that a Service gets no address: pools that count for nothing, or none that has one left for it.</summary>
    public static IEnumerable<Cause> CausesOf(HomelabSnapshot snapshot, ServiceWire service)
    {
        var open = Pools(snapshot).Where(pool => pool.MayServe(service)).ToList();
        return [.. Pools(snapshot).Select(pool => new Cause(pool.Reference, Overlapping)), .. open.TrueForAll(pool => pool.IsExhausted) ? open.Select(pool => new Cause(pool.Reference, Exhausted)) : []];
    }

    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot)
    {
        var pools = Pools(snapshot).OrderBy(pool => pool.Wire.Metadata.Name, StringComparer.Ordinal).ToList();
        for (var second = 1; second < pools.Count; second++)
        {
            if (pools[..second].Find(first => first.Ranges.Exists(range => pools[second].Ranges.Exists(range.Overlaps))) is { } other)
            {
                yield return Symptom.Of(HomelabArea.MetalLB, FindingSeverity.Error, Overlapping, pools[second].Reference, other.Wire.Metadata.Name, other.Addresses, pools[second].Addresses);
            }
        }

        // One that is full and wanted by nobody else is just as large as it has to be.
        var pending = Balanced(snapshot).Where(AddressRefusal.IsPending).ToList();
        foreach (var (pool, waiting) in pools.Where(pool => pool.IsExhausted).Select(pool => (pool, pending.Count(pool.MayServe))).Where(pair => pair.Item2 > 0))
        {
            yield return Symptom.Of(HomelabArea.MetalLB, FindingSeverity.Warning, Exhausted, pool.Reference, pool.Used, pool.Addresses, waiting);
        }
    }

    private static IEnumerable<ServiceWire> Balanced(HomelabSnapshot snapshot) => (snapshot.Services ?? []).Where(service => service.Spec is { Type: "LoadBalancer" } && !AddressRefusal.IsOthers(service));

    private static IEnumerable<Pool> Pools(HomelabSnapshot snapshot)
    {
        var taken = Balanced(snapshot).SelectMany(service => service.Status?.LoadBalancer?.Ingress ?? []).Select(point => IPAddress.TryParse(point.Ip, out var address) ? address : null).OfType<IPAddress>().ToHashSet();
        return (snapshot.AddressPools ?? []).Select(wire =>
        {
            var ranges = (wire.Spec?.Addresses ?? []).Select(AddressRange.Parse).OfType<AddressRange>().ToList();
            return new Pool(wire, snapshot.Reference("IPAddressPool", wire.Metadata.Namespace ?? "", wire.Metadata.Name), ranges, taken.Count(address => ranges.Exists(range => range.Holds(address))));
        });
    }

    private sealed record Pool(AddressPoolWire Wire, ResourceReference Reference, List<AddressRange> Ranges, int Used)
    {
        public bool MayServe(ServiceWire service) => (AddressRefusal.PoolOf(service) is { } named ? Wire.Metadata.Name == named : Wire.Spec?.AutoAssign != false || AddressRefusal.Wanted(service).Any(IsWithin))
            && AddressRefusal.Wanted(service).All(IsWithin)
            && (service.Spec?.IpFamilies is not { Count: > 0 } families || families.Exists(family => Ranges.Exists(range => range.IsV6 == (family == "IPv6"))));

        private bool IsWithin(IPAddress address) => Ranges.Exists(range => range.Holds(address));

        public string Addresses => string.Join(", ", Wire.Spec?.Addresses ?? []);

        // One without an address that can be read has none to give out; that is another fault.
        public bool IsExhausted => Ranges.Count > 0 && (UInt128)Used >= Ranges.Aggregate(UInt128.Zero, (sum, range) => sum + range.Count - (Wire.Spec?.AvoidBuggyIPs == true ? range.Buggy : 0));
    }
}
