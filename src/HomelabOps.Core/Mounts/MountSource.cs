using System.Net;

namespace HomelabOps.Core.Mounts;

/// <summary>What an NFS mount is of: <c>server:/export</c>, where the server may be an IPv6 address in brackets.</summary>
internal static class MountSource
{
    /// <summary>Whether a mount is of the export that is expected, whichever way either is written.</summary>
    public static bool Matches(string expected, MountEntry mount)
    {
        if (string.Equals(expected, mount.Source, StringComparison.Ordinal))
        {
            return true;
        }

        var (wanted, present) = (Split(expected), Split(mount.Source));
        return wanted.Path == present.Path && (IsSameHost(wanted.Host, present.Host) || (mount.Address is { } address && IsSameHost(wanted.Host, address)));
    }

    /// <summary>Whether both name the same export.</summary>
    public static bool Matches(string left, string right)
    {
        var (one, other) = (Split(left), Split(right));
        return one.Path == other.Path && IsSameHost(one.Host, other.Host);
    }

    private static (string Host, string Path) Split(string source)
    {
        var colon = source.IndexOf(":/", StringComparison.Ordinal);
        return colon < 0 ? ("", source) : (source[..colon].Trim('[', ']'), "/" + source[(colon + 1)..].Trim('/'));
    }

    private static bool IsSameHost(string left, string right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(left, out var one) && IPAddress.TryParse(right, out var other) && one.Equals(other));
}
