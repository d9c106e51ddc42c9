using System.Runtime.CompilerServices;

namespace HomelabOps.Core.Kubernetes.Logs;

/// <summary>Merges logs by time while they are read.</summary>
internal static class LogMerge
{
    /// <summary>
    /// Gives the earliest line of all logs, again and again. Within one log the order stays as it is, and a line without a
    /// time follows the one before it. Of lines of the same time those of the first log come first.
    /// </summary>
    public static async IAsyncEnumerable<(TSource Source, LogEntry Line)> ByTimeAsync<TSource>(
        IReadOnlyList<TSource> sources,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TSource : ILogSource
    {
        // All are asked at the same time; which of them may read is for the sources to say.
        var heads = await Task.WhenAll(sources.Select(source => source.PeekAsync(cancellationToken).AsTask()));
        var queue = new PriorityQueue<int, (DateTimeOffset Time, int Index)>();
        for (var index = 0; index < heads.Length; index++)
        {
            if (heads[index] is { } head)
            {
                queue.Enqueue(index, (head.Time ?? DateTimeOffset.MinValue, index));
            }
        }

        while (queue.TryDequeue(out var index, out var place))
        {
            yield return (sources[index], sources[index].Take());
            if (await sources[index].PeekAsync(cancellationToken) is { } next)
            {
                queue.Enqueue(index, (next.Time ?? place.Time, index));
            }
        }
    }
}
