using System.Net;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.MetalLB;

/// <summary>Who has which address. It refuses in MetalLB's words. Not for several threads.</summary>
internal sealed class AddressAllocator
{
    public const string SharedIp = "allow-shared-ip";

    private readonly Dictionary<ObjectName, Allocation> _allocations = [];

    /// <summary>The pools, those with the highest priority first.</summary>
    public IReadOnlyList<AddressPool> Pools { get; set; } = [];

    /// <summary>The labels of a namespace, for pools that select by them.</summary>
    public Func<string, JsonObject?> NamespaceOf { get; set; } = _ => null;

    /// <summary>The pool that a Service has its addresses from; null when it has none.</summary>
    public string? PoolOf(ObjectName service) => _allocations.GetValueOrDefault(service)?.Pool;

    public bool Unassign(ObjectName service) => _allocations.Remove(service);

    /// <summary>How many addresses of a pool are in use.</summary>
    public int InUse(string pool, bool isV6) => _allocations.Values.Where(allocation => allocation.Pool == pool).SelectMany(allocation => allocation.Addresses).Where(address => AddressRange.IsSix(address) == isV6).Distinct().Count();

    /// <summary>Gives a Service the addresses that it wants; says why not.</summary>
    public string? Assign(JsonObject service, IReadOnlyList<IPAddress> addresses)
    {
        if (Pools.FirstOrDefault(pool => addresses.All(pool.Holds)) is not { } found)
        {
            return $"{Quote(addresses)} is not allowed in config";
        }

        if (!found.Accepts(service, NamespaceOf(Text(service, "metadata.namespace"))))
        {
            return $"pool {found.Name} not compatible for ip assignment";
        }

        var wanted = Allocation.Of(service, found.Name, addresses);
        if (addresses.Select(address => Obstacle(wanted, address)).FirstOrDefault(obstacle => obstacle is not null) is { } reason)
        {
            return reason;
        }

        _allocations[wanted.Service] = wanted;
        return null;
    }

    /// <summary>Chooses addresses of the families that a Service has, of one pool or of any that gives by itself; says why not.</summary>
    public (IReadOnlyList<IPAddress> Addresses, string? Error) Allocate(JsonObject service, string? poolName)
    {
        var families = Families(service);
        if (poolName is not null)
        {
            if (Pools.FirstOrDefault(pool => pool.Name == poolName) is not { } pool)
            {
                return ([], $"unknown pool \"{poolName}\"");
            }

            return TryFrom(service, pool, families) is { } given ? (given, null) : ([], $"no available IPs in pool \"{poolName}\"");
        }

        var @namespace = NamespaceOf(Text(service, "metadata.namespace"));
        var candidates = Pools.Where(pool => pool.Allocation is not null && pool.Accepts(service, @namespace)).Concat(Pools.Where(pool => pool.Allocation is null)).Where(pool => pool.AutoAssign);
        var found = candidates.Select(pool => TryFrom(service, pool, families)).FirstOrDefault(addresses => addresses is not null);
        return found is null ? ([], "no available IPs") : (found, null);
    }

    /// <summary>Addresses as Go prints a list of them.</summary>
    public static string Quote(IEnumerable<IPAddress> addresses) => $"[{string.Join(' ', addresses.Select(address => $"\"{address}\""))}]";

    private IPAddress[]? TryFrom(JsonObject service, AddressPool pool, IReadOnlyList<bool> families)
    {
        var addresses = new List<IPAddress>();
        foreach (var isV6 in families)
        {
            if (pool.Addresses(isV6).FirstOrDefault(address => Obstacle(Allocation.Of(service, pool.Name, [address]), address) is null) is { } address)
            {
                addresses.Add(address);
            }
            else if (Text(service, "spec.ipFamilyPolicy") != "PreferDualStack")
            {
                return null;
            }
        }

        return addresses.Count > 0 && Assign(service, addresses) is null ? [.. addresses] : null;
    }

    private string? Obstacle(Allocation wanted, IPAddress address)
    {
        var others = _allocations.Values.Where(other => other.Service != wanted.Service && other.Addresses.Contains(address)).ToArray();
        if (others.Length == 0)
        {
            return null;
        }

        var keys = others[0] switch
        {
            { SharingKey.Length: 0 } => "existing service does not allow sharing",
            _ when wanted.SharingKey.Length == 0 => "new service does not allow sharing",
            var other when other.SharingKey != wanted.SharingKey => $"sharing key \"{wanted.SharingKey}\" does not match existing sharing key \"{other.SharingKey}\"",
            var other when other.BackendKey != wanted.BackendKey => $"backend key \"{wanted.BackendKey}\" does not match existing sharing key \"{other.BackendKey}\"",
            _ => null,
        };
        return keys is not null
            ? $"can't change sharing key for \"{wanted.Service}\", address also in use by {string.Join(',', others.Select(other => other.Service.ToString()).Order(StringComparer.Ordinal))}"
            : wanted.Ports.FirstOrDefault(port => others.Any(other => other.Ports.Contains(port))) is { } taken ? $"port {taken} is already in use on \"{address}\"" : null;
    }

    private static bool[] Families(JsonObject service)
    {
        var families = (At(service, "spec.ipFamilies") as JsonArray ?? []).Select(family => (string?)family == "IPv6").ToArray();
        return families.Length > 0 ? families : [Text(service, "spec.clusterIP").Contains(':', StringComparison.Ordinal)];
    }

    private sealed record Allocation(ObjectName Service, string Pool, IReadOnlyList<IPAddress> Addresses, IReadOnlyList<string> Ports, string SharingKey, string BackendKey)
    {
        public static Allocation Of(JsonObject service, string pool, IReadOnlyList<IPAddress> addresses) => new(
            ObjectName.Of(service),
            pool,
            addresses,
            [.. Items(service, "spec.ports").Select(port => $"{Text(port, "protocol", "TCP")}/{Number(port, "port")}")],
            LoadBalancerController.Annotation(service, SharedIp),
            Text(service, "spec.externalTrafficPolicy") == "Local" ? Labels(service["spec"]?["selector"]) : "");
    }
}
