using System.Text;

namespace HomelabOps.Core.Kubernetes.Logs;

/// <summary>One line of a log as the kubelet sends it.</summary>
/// <param name="Time">When the runtime received it; null when the line carries no time.</param>
/// <param name="Text">The line without time and line end.</param>
internal readonly record struct LogEntry(DateTimeOffset? Time, string Text)
{
    // containerd and CRI-O cut lines at this length, and a kubelet before 1.25 puts a time in front of every piece.
    private const int PieceLength = 16 * 1024;

    /// <summary>
    /// The kubelet's own words in place of the log, with status 200 and without a time, when the file is gone with its
    /// container.
    /// </summary>
    public bool IsLogGone => Time is null
        && (Text.StartsWith("unable to retrieve container logs for ", StringComparison.Ordinal) || Text.StartsWith("failed to try resolving symlinks in path ", StringComparison.Ordinal));

    /// <summary>Reads a line without its line feed.</summary>
    public static LogEntry Parse(ReadOnlySpan<byte> line)
    {
        if (line is [.., (byte)'\r'])
        {
            line = line[..^1];
        }

        return TryReadTime(line, out var time, out var length)
            ? new LogEntry(time, Join(line[length..]))
            : new LogEntry(null, Encoding.UTF8.GetString(line));
    }

    private static string Join(ReadOnlySpan<byte> rest)
    {
        if (rest.Length <= PieceLength || !TryReadTime(rest[PieceLength..], out _, out _))
        {
            return Encoding.UTF8.GetString(rest);
        }

        // The bytes are put together before they are decoded: the cut may be in the middle of a character.
        var joined = new byte[rest.Length];
        var length = 0;
        while (true)
        {
            var piece = rest[..Math.Min(PieceLength, rest.Length)];
            piece.CopyTo(joined.AsSpan(length));
            length += piece.Length;
            rest = rest[piece.Length..];
            if (rest.IsEmpty)
            {
                return Encoding.UTF8.GetString(joined, 0, length);
            }

            if (TryReadTime(rest, out _, out var prefix))
            {
                rest = rest[prefix..];
            }
        }
    }

    /// <summary>Reads RFC 3339 with up to nine digits of a second, and the blank behind it.</summary>
    internal static bool TryReadTime(ReadOnlySpan<byte> line, out DateTimeOffset time, out int length)
    {
        (time, length) = (default, 0);
        if (line.Length < 20 || line[4] != '-' || line[7] != '-' || line[10] != 'T' || line[13] != ':' || line[16] != ':'
            || !Number(line[..4], out var year) || !Number(line[5..7], out var month) || !Number(line[8..10], out var day)
            || !Number(line[11..13], out var hour) || !Number(line[14..16], out var minute) || !Number(line[17..19], out var second)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        var at = 19;
        var ticks = 0L;
        if (line[at] == '.')
        {
            var unit = TimeSpan.TicksPerSecond;
            for (at++; at < line.Length && line[at] is >= (byte)'0' and <= (byte)'9'; at++)
            {
                // What is finer than 100 ns does not fit and divides to nothing.
                unit /= 10;
                ticks += (line[at] - '0') * unit;
            }
        }

        if (!TryReadZone(line[at..], out var offset, out var zone) || (at + zone < line.Length && line[at + zone] != ' '))
        {
            return false;
        }

        time = new DateTimeOffset(new DateTime(year, month, day, hour, minute, second).AddTicks(ticks), offset);
        length = Math.Min(at + zone + 1, line.Length);
        return true;
    }

    private static bool TryReadZone(ReadOnlySpan<byte> text, out TimeSpan offset, out int length)
    {
        (offset, length) = (TimeSpan.Zero, 1);
        if (text is [(byte)'Z', ..])
        {
            return true;
        }

        length = 6;
        if (text.Length < 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':' || !Number(text[1..3], out var hours) || !Number(text[4..6], out var minutes) || hours > 13 || minutes > 59)
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool Number(ReadOnlySpan<byte> digits, out int value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + digit - '0';
        }

        return true;
    }
}
