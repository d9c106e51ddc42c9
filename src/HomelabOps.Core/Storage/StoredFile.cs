using System.Buffers.Text;
using System.Text;

namespace HomelabOps.Core.Storage;

/// <summary>A file of a listing.</summary>
/// <param name="Key">The bytes that the listing is sorted by: the path and a tab.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Time">When it was changed, seconds since 1970.</param>
/// <param name="Hash">Checksum of its content; empty where none was asked for.</param>
internal sealed record StoredFile(byte[] Key, long Bytes, long Time, string Hash)
{
    /// <summary>The path below the folder of all applications.</summary>
    public string Path
    {
        get
        {
            // A name with a line feed is told with escapes, and a backslash in front.
            var text = Encoding.UTF8.GetString(Key.AsSpan(0, Key.Length - 1));
            text = text.StartsWith('\\') ? Unescape(text.AsSpan(1)) : text;
            return text.StartsWith("./", StringComparison.Ordinal) ? text[2..] : text;
        }
    }

    /// <summary>When it was changed, local time.</summary>
    public DateTime LocalTime => DateTimeOffset.FromUnixTimeSeconds(Time).LocalDateTime;

    /// <summary>Reads a line; null for what is none, such as that of a file that went away meanwhile.</summary>
    /// <param name="line">The line without its end.</param>
    /// <param name="hash">It ends with a checksum.</param>
    public static StoredFile? Parse(ReadOnlySpan<byte> line, bool hash)
    {
        // From the end, since a name may have tabs in it.
        var sum = "";
        if (hash)
        {
            var last = line.LastIndexOf((byte)'\t');
            if (last < 0)
            {
                return null;
            }

            sum = Encoding.ASCII.GetString(line[(last + 1)..]);
            line = line[..last];
        }

        var second = line.LastIndexOf((byte)'\t');
        var first = second < 0 ? -1 : line[..second].LastIndexOf((byte)'\t');
        return first > 0
            && Utf8Parser.TryParse(line[(first + 1)..second], out long bytes, out var read) && read == second - first - 1
            && Utf8Parser.TryParse(line[(second + 1)..], out long time, out read) && read == line.Length - second - 1
            ? new(line[..(first + 1)].ToArray(), bytes, time, sum)
            : null;
    }

    private static string Unescape(ReadOnlySpan<char> escaped)
    {
        var text = new StringBuilder(escaped.Length);
        for (var index = 0; index < escaped.Length; index++)
        {
            text.Append(escaped[index] != '\\' || index + 1 == escaped.Length ? escaped[index] : escaped[++index] == 'n' ? '\n' : escaped[index]);
        }

        return text.ToString();
    }
}
