using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace HomelabOps.Core.Diagnosis.Manifests.Rules;

/// <summary>
/// Addresses as Kubernetes and what runs on it read them. <see cref="IPAddress"/> itself takes more: one number, octal and hexadecimal
/// ones, zones, ports.
/// </summary>
internal static class AddressRules
{
    /// <summary>The address; null for what is none.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="allowZeros">Whether parts of an IPv4 address may begin with zeros, as older API servers take them.</param>
    public static IPAddress? Parse(string text, bool allowZeros = false)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return text.AsSpan().ContainsAny("%[]/ ") ? null : IPAddress.TryParse(text, out var long6) && long6.AddressFamily == AddressFamily.InterNetworkV6 ? long6 : null;
        }

        var parts = text.Split('.');
        var bytes = new byte[4];
        for (var index = 0; index < parts.Length; index++)
        {
            if (parts.Length != 4 || (!allowZeros && parts[index] is ['0', _, ..]) || !byte.TryParse(parts[index], NumberStyles.None, CultureInfo.InvariantCulture, out bytes[index]))
            {
                return null;
            }
        }

        return parts.Length == 4 ? new IPAddress(bytes) : null;
    }

    /// <summary>A network as address/bits; the address may be any one in it.</summary>
    public static bool IsNetwork(string text, bool allowZeros = false) =>
        text.Split('/') is [var address, var bits] && Parse(address, allowZeros) is { } parsed
        && bits is not ['0', _, ..] && byte.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
        && length <= (parsed.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);

    /// <summary>What is wrong with an entry of a pool of MetalLB, which is a network or the first and last address of a range; null when nothing is.</summary>
    public static string? CheckPool(string text)
    {
        if (!text.Contains('-', StringComparison.Ordinal))
        {
            return IsNetwork(text) ? null : Parse(text) is { } single ? $"a single address needs its length: {text}/{(single.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)}" : "must be a network such as 192.168.1.0/24, or a range such as 192.168.1.10-192.168.1.20";
        }

        return text.Split('-', 2) is not [var from, var to] || Parse(from.Trim()) is not { } first || Parse(to.Trim()) is not { } last ? "must be a range of two addresses, such as 192.168.1.10-192.168.1.20"
            : first.AddressFamily != last.AddressFamily ? "both addresses of a range must be of the same family"
            : first.GetAddressBytes().AsSpan().SequenceCompareTo(last.GetAddressBytes()) > 0 ? "the first address of a range must not come after the last"
            : null;
    }
}
