using System.Net;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.MetalLB;

/// <summary>What MetalLB's webhook says of pools: addresses have to be some, and are in one pool only.</summary>
internal sealed class AddressPoolReview(Informer pools, string space)
{
    /// <summary>Why a pool is refused; null for one that is not.</summary>
    public string? Refusal(JsonObject pool)
    {
        var (name, networks) = (Text(pool, "metadata.name"), new List<IPNetwork>());
        foreach (var text in Addresses(pool))
        {
            if (AddressRange.Parse(text) is not { } range)
            {
                return $"parsing address pool {name}: invalid CIDR \"{text}\" in pool \"{name}\": {Why(text)}";
            }

            networks.AddRange(range.Networks());
        }

        var known = pools.In(space).Where(other => Text(other, "metadata.name") != name).SelectMany(Addresses).Select(AddressRange.Parse).OfType<AddressRange>().SelectMany(range => range.Networks()).ToList();
        foreach (var network in networks)
        {
            if (known.Where(other => other.Contains(network.BaseAddress) || network.Contains(other.BaseAddress)).Select(other => (IPNetwork?)other).FirstOrDefault() is { } taken)
            {
                return $"CIDR \"{network}\" in pool \"{name}\" overlaps with already defined CIDR \"{taken}\"";
            }

            known.Add(network);
        }

        return null;
    }

    private static IEnumerable<string> Addresses(JsonObject pool) => (At(pool, "spec.addresses") as JsonArray ?? []).Select(text => (string?)text ?? "");

    private static string Why(string text) => text.Split('-', 2) is not [var from, var to] ? $"invalid CIDR \"{text}\""
        : !IPAddress.TryParse(from.Trim(), out _) ? $"invalid IP range \"{text}\": invalid start IP \"{from}\""
        : !IPAddress.TryParse(to.Trim(), out _) ? $"invalid IP range \"{text}\": invalid end IP \"{to}\""
        : $"invalid IP range \"{text}\": start IP \"{from}\" is after the end IP \"{to}\"";
}
