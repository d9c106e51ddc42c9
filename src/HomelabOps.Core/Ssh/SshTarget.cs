using System.Globalization;
using System.Net;

namespace HomelabOps.Core.Ssh;

/// <summary>A host that is reached over SSH.</summary>
/// <param name="User">The user; null for the one that is used where none is named.</param>
/// <param name="Host">Name or address, without brackets.</param>
/// <param name="Port">The port.</param>
internal sealed record SshTarget(string? User, string Host, int Port)
{
    /// <summary>The port of SSH.</summary>
    public const int UsualPort = 22;

    /// <summary>Reads <c>[user@]host[:port]</c>, where an IPv6 address has brackets.</summary>
    /// <exception cref="HomelabException">SshTargetInvalid.</exception>
    public static SshTarget Parse(string text)
    {
        var at = text.LastIndexOf('@');
        var (user, rest) = at < 0 ? (null, text) : (text[..at], text[(at + 1)..]);
        var (host, port) = Split(rest);
        var isHost = IPAddress.TryParse(host, out _) || Uri.CheckHostName(host) == UriHostNameType.Dns;
        return user?.Length != 0 && isHost && port is > 0 and <= ushort.MaxValue ? new(user, host, port) : throw Errors.SshTargetInvalid(text);
    }

    /// <summary>As it is written, and as known_hosts has it: the port only where it is not the usual one.</summary>
    public string Name => Port == UsualPort ? Host : string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}");

    /// <inheritdoc/>
    public override string ToString() => User is null ? Name : $"{User}@{Name}";

    private static (string Host, int Port) Split(string text)
    {
        // A bare address of IPv6 has colons of its own.
        if (!text.StartsWith('[') && IPAddress.TryParse(text, out _))
        {
            return (text, UsualPort);
        }

        var colon = text.LastIndexOf(':');
        return colon < 0 || colon < text.LastIndexOf(']') ? (Bare(text), UsualPort)
            : (Bare(text[..colon]), int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0);
    }

    private static string Bare(string host) => host is ['[', .. var inside, ']'] ? inside : host;
}
