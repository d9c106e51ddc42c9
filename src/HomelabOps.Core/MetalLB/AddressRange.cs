using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace HomelabOps.Core.MetalLB;

/// <summary>Addresses of a pool, from one to another, both of them included.</summary>
/// <param name="First">The first one, as a number.</param>
/// <param name="Last">The last one, as a number.</param>
/// <param name="IsV6">Of which family they are.</param>
internal sealed record AddressRange(UInt128 First, UInt128 Last, bool IsV6)
{
    /// <summary>How many there are; the most that fits for a whole family.</summary>
    public UInt128 Count => Last - First is var steps && steps == UInt128.MaxValue ? steps : steps + 1;

    /// <summary>How many end with 0 or 255, which <c>avoidBuggyIPs</c> leaves out.</summary>
    public UInt128 Buggy => IsV6 ? 0 : EndingWith(0) + EndingWith(255);

    /// <summary>Reads <c>192.168.1.240-192.168.1.250</c> or <c>10.0.0.0/28</c>; null for what is neither.</summary>
    public static AddressRange? Parse(string text)
    {
        if (text.Split('-') is [var from, var to])
        {
            return IPAddress.TryParse(from.Trim(), out var first) && IPAddress.TryParse(to.Trim(), out var last) && first.AddressFamily == last.AddressFamily && Number(first) <= Number(last)
                ? new(Number(first), Number(last), IsSix(first))
                : null;
        }

        // Go takes a network by any of its addresses, and .NET only by the first.
        if (text.Trim().Split('/') is not [var address, var prefix] || !IPAddress.TryParse(address, out var inside) || !byte.TryParse(prefix, out var length) || length > (IsSix(inside) ? 128 : 32))
        {
            return null;
        }

        var bits = (IsSix(inside) ? 128 : 32) - length;
        var mask = bits == 128 ? UInt128.MaxValue : (UInt128.One << bits) - 1;
        return new(Number(inside) & ~mask, Number(inside) | mask, IsSix(inside));
    }

    /// <summary>Whether an address is one of them.</summary>
    public bool Holds(IPAddress address) => IsSix(address) == IsV6 && Number(address) >= First && Number(address) <= Last;

    /// <summary>Whether some address is in both.</summary>
    public bool Overlaps(AddressRange other) => IsV6 == other.IsV6 && First <= other.Last && other.First <= Last;

    private static bool IsSix(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6;

    private static UInt128 Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.TryWriteBytes(IsSix(address) ? bytes : bytes[12..], out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private UInt128 EndingWith(uint last) => UpTo(Last, last) - (First == 0 ? 0 : UpTo(First - 1, last));

    // Addresses from 0.0.0.0 on that end so.
    private static UInt128 UpTo(UInt128 end, uint last) => end < last ? 0 : ((end - last) / 256) + 1;
}
