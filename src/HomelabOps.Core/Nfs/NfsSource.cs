using System.Net;

namespace HomelabOps.Core.Nfs;

/// <summary>What is mounted: a server, and an export of it where one is named.</summary>
/// <param name="Server">Name or address, without brackets.</param>
/// <param name="Export">Absolute path on the server; null for none.</param>
internal sealed record NfsSource(string Server, string? Export)
{
    /// <summary>Reads <c>server</c>, <c>server:/export</c> or <c>[2001:db8::1]:/export</c>; null for what is none of them.</summary>
    public static NfsSource? Parse(string text)
    {
        var at = text.IndexOf(":/", StringComparison.Ordinal);
        var (server, export) = at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
        if (server is ['[', .. var inside, ']'])
        {
            server = IPAddress.TryParse(inside, out _) ? inside : "";
        }

        return IPAddress.TryParse(server, out _) || Uri.CheckHostName(server) == UriHostNameType.Dns ? new(server, export) : null;
    }

    /// <summary>As mount takes it.</summary>
    public override string ToString()
    {
        var host = Server.Contains(':', StringComparison.Ordinal) ? $"[{Server}]" : Server;
        return Export is null ? host : $"{host}:{Export}";
    }
}
