using System.Buffers.Binary;
using System.Text;

namespace HomelabOps.Sandbox.Api.Nodes.Spdy;

/// <summary>The text that SPDY/3 has both sides know before the first header: common names, each with its length, and common values.</summary>
internal static class HeaderDictionary
{
    /// <summary>The Adler-32 checksum, by which a zlib stream says which dictionary it needs.</summary>
    public const uint Checksum = 0xe3c6a7c2;

    private const string Names = """
        options|head|post|put|delete|trace|accept|accept-charset|accept-encoding|accept-language|accept-ranges|age|allow|authorization|cache-control|connection|content-base|
        content-encoding|content-language|content-length|content-location|content-md5|content-range|content-type|date|etag|expect|expires|from|host|if-match|if-modified-since|
        if-none-match|if-range|if-unmodified-since|last-modified|location|max-forwards|pragma|proxy-authenticate|proxy-authorization|range|referer|retry-after|server|te|trailer|
        transfer-encoding|upgrade|user-agent|vary|via|warning|www-authenticate|method|get|status|200 OK|version|HTTP/1.1|url|public|set-cookie|keep-alive|origin
        """;

    private const string Values =
        "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information204 No Content301 Moved Permanently"
        + "400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable"
        + "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT"
        + "chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdch"
        + "charset=utf-8charset=iso-8859-1,utf-,*,enq=0.";

    public static ReadOnlyMemory<byte> Bytes { get; } = Make();

    private static byte[] Make()
    {
        using var result = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var name in Names.ReplaceLineEndings("").Split('|'))
        {
            BinaryPrimitives.WriteInt32BigEndian(length, name.Length);
            result.Write(length);
            result.Write(Encoding.ASCII.GetBytes(name));
        }

        result.Write(Encoding.ASCII.GetBytes(Values));
        return result.ToArray();
    }
}
