using System.Net;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Selecting;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.MetalLB;

/// <summary>An IPAddressPool.</summary>
internal sealed record AddressPool(string Name, IReadOnlyList<AddressRange> Ranges, bool AutoAssign, bool AvoidBuggy, JsonObject? Allocation, JsonObject? Labels)
{
    /// <summary>Reads a pool; ranges that are none are left out, as a real one would have been refused.</summary>
    public static AddressPool Of(JsonObject pool) => new(
        Text(pool, "metadata.name"),
        [.. (At(pool, "spec.addresses") as JsonArray ?? []).Select(text => AddressRange.Parse((string?)text ?? "")).OfType<AddressRange>()],
        (bool?)pool["spec"]?["autoAssign"] != false,
        (bool?)pool["spec"]?["avoidBuggyIPs"] == true,
        pool["spec"]?["serviceAllocation"] as JsonObject,
        pool["metadata"]?["labels"] as JsonObject);

    /// <summary>Pools with a lower number go first; those without any go last.</summary>
    public long Priority => Number(Allocation, "priority") is > 0 and var priority ? priority : long.MaxValue;

    public bool Holds(IPAddress address) => Ranges.Any(range => range.Holds(address)) && !(AvoidBuggy && IsBuggy(address));

    /// <summary>The addresses of one family.</summary>
    public IEnumerable<IPAddress> Addresses(bool isV6) => Ranges.Where(range => range.IsV6 == isV6).SelectMany(range => range.Addresses()).Where(address => !(AvoidBuggy && IsBuggy(address)));

    /// <summary>Whether it may give addresses to a Service; one without settings of its own may to all.</summary>
    public bool Accepts(JsonObject service, JsonObject? @namespace)
    {
        if (Allocation is null)
        {
            return true;
        }

        var namespaces = Allocation["namespaces"] as JsonArray ?? [];
        var selectors = Items(Allocation, "namespaceSelectors").ToArray();
        var services = Items(Allocation, "serviceSelectors").ToArray();
        return ((namespaces.Count == 0 && selectors.Length == 0) || namespaces.Any(name => (string?)name == Text(service, "metadata.namespace")) || Matches(selectors, @namespace))
            && (services.Length == 0 || Matches(services, service));
    }

    /// <summary>Whether one of some label selectors fits an object.</summary>
    public static bool Matches(IEnumerable<JsonObject> selectors, JsonObject? item)
    {
        var labels = (item?["metadata"]?["labels"] as JsonObject ?? []).Select(label => KeyValuePair.Create(label.Key, (string?)label.Value ?? "")).ToArray();
        return item is not null && selectors.Any(selector => LabelSelector.Of(selector).Matches(labels));
    }

    // The first and the last one of a network of old; some routers drop them.
    private static bool IsBuggy(IPAddress address) => !AddressRange.IsSix(address) && address.GetAddressBytes()[3] is 0 or 255;
}
