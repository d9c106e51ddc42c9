using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>Gives pods addresses of their node's network. Which one follows from seed and name, so that it does not depend on who came first. Safe for use by several threads.</summary>
internal sealed class PodAddresses(int seed)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _byPod = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _taken = new(StringComparer.Ordinal);

    /// <summary>The address of a pod, the same each time; the node's own for a pod in its network.</summary>
    public string Take(JsonObject pod, SimulatedNode node)
    {
        if ((bool?)pod["spec"]?["hostNetwork"] == true)
        {
            return node.Address;
        }

        var uid = Cells.Text(pod, "metadata.uid");
        lock (_lock)
        {
            if (_byPod.TryGetValue(uid, out var present))
            {
                return present;
            }

            var (start, size) = Network(node.PodCidr);
            var first = Hash($"{seed}/{ObjectName.Of(pod)}") % size;
            for (uint step = 0; step < size; step++)
            {
                // The first address is that of the bridge.
                var address = Format(start + 2 + ((first + step) % size));
                if (_taken.TryAdd(address, uid))
                {
                    return _byPod[uid] = address;
                }
            }

            throw new InvalidOperationException($"The network {node.PodCidr} of node {node.Name} has no address left.");
        }
    }

    /// <summary>Notes an address that a pod has already.</summary>
    public void Keep(string uid, string address)
    {
        lock (_lock)
        {
            if (address.Length > 0 && _taken.TryAdd(address, uid))
            {
                _byPod[uid] = address;
            }
        }
    }

    public void Release(string uid)
    {
        lock (_lock)
        {
            if (_byPod.Remove(uid, out var address))
            {
                _taken.Remove(address);
            }
        }
    }

    private static (uint Start, uint Size) Network(string cidr)
    {
        var parts = cidr.Split('/');
        var bytes = IPAddress.Parse(parts[0]).GetAddressBytes();
        var start = ((uint)bytes[0] << 24) | ((uint)bytes[1] << 16) | ((uint)bytes[2] << 8) | bytes[3];
        return (start, (1u << (32 - int.Parse(parts[1], CultureInfo.InvariantCulture))) - 3);
    }

    private static string Format(uint address) => string.Create(CultureInfo.InvariantCulture, $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}");

    // FNV: the same on every machine and in every run.
    private static uint Hash(string text) => Encoding.UTF8.GetBytes(text).Aggregate(2166136261u, (hash, each) => unchecked((hash ^ each) * 16777619u));
}
