using System.Buffers;
using System.Runtime.CompilerServices;

namespace HomelabOps.Core.Kubernetes.Logs;

/// <summary>Splits the body of a log into its lines, whatever their length.</summary>
internal static class LogLines
{
    private const int InitialBuffer = 32 * 1024;

    /// <summary>
    /// Gives the lines until the body ends. The last one counts also without a line feed when the body ends well; where the
    /// connection breaks, half a line is dropped, because it is read again.
    /// </summary>
    public static async IAsyncEnumerable<LogEntry> ReadAsync(Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(InitialBuffer);
        var (start, end, searched) = (0, 0, 0);
        try
        {
            while (true)
            {
                int newline;
                while ((newline = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n')) >= 0)
                {
                    newline += searched;
                    yield return LogEntry.Parse(buffer.AsSpan(start, newline - start));
                    start = searched = newline + 1;
                }

                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
                searched = end;
                if (end == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, end).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                var read = await body.ReadAsync(buffer.AsMemory(end), cancellationToken);
                if (read == 0)
                {
                    if (end > 0)
                    {
                        yield return LogEntry.Parse(buffer.AsSpan(0, end));
                    }

                    yield break;
                }

                end += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
