using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace HomelabOps.Sandbox.Controllers.MetalLB;

/// <summary>Addresses from one to another, both of them included.</summary>
internal sealed record AddressRange(UInt128 First, UInt128 Last, bool IsV6)
{
    /// <summary>Reads <c>192.168.1.240-192.168.1.250</c> or <c>10.0.0.0/28</c>; null for what is neither.</summary>
    public static AddressRange? Parse(string text)
    {
        if (text.Split('-') is [var from, var to])
        {
            return IPAddress.TryParse(from.Trim(), out var first) && IPAddress.TryParse(to.Trim(), out var last) && first.AddressFamily == last.AddressFamily && Number(first) <= Number(last)
                ? new(Number(first), Number(last), IsSix(first))
                : null;
        }

        if (!IPNetwork.TryParse(text.Trim(), out var network))
        {
            return null;
        }

        var start = Number(network.BaseAddress);
        var bits = (IsSix(network.BaseAddress) ? 128 : 32) - network.PrefixLength;
        return new(start, start + (bits == 128 ? UInt128.MaxValue : (UInt128.One << bits) - 1), IsSix(network.BaseAddress));
    }

    public bool Holds(IPAddress address) => IsSix(address) == IsV6 && Number(address) >= First && Number(address) <= Last;

    /// <summary>The addresses of the range, one after the other.</summary>
    public IEnumerable<IPAddress> Addresses()
    {
        for (var number = First; ; number++)
        {
            yield return Address(number);
            if (number == Last)
            {
                yield break;
            }
        }
    }

    /// <summary>The fewest networks that are the range together, in order.</summary>
    public IEnumerable<IPNetwork> Networks()
    {
        var width = IsV6 ? 128 : 32;
        for (var number = First; ;)
        {
            // As large as the address allows, and then as the rest does.
            var bits = Math.Min(width, (int)UInt128.TrailingZeroCount(number));
            while (bits > 0 && (bits == 128 ? Last != UInt128.MaxValue : number + ((UInt128.One << bits) - 1) > Last))
            {
                bits--;
            }

            yield return new IPNetwork(Address(number), width - bits);
            var end = bits == 128 ? UInt128.MaxValue : number + ((UInt128.One << bits) - 1);
            if (end >= Last)
            {
                yield break;
            }

            number = end + 1;
        }
    }

    public static bool IsSix(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6;

    private IPAddress Address(UInt128 number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new(IsV6 ? bytes : bytes[12..]);
    }

    private static UInt128 Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.TryWriteBytes(IsSix(address) ? bytes : bytes[12..], out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
