using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes.Reading;

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
        using var lines = new BodyLines(body, InitialBuffer);
        while (await lines.MoveNextAsync(cancellationToken))
        {
            yield return LogEntry.Parse(lines.Current.Span);
        }
    }
}
