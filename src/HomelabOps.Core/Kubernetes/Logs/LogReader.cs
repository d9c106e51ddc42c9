using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Kubernetes.Logs;

/// <summary>Reads the logs of any number of containers as one, sorted by time.</summary>
public static class LogReader
{
    // A request to the API server is also one to a kubelet; so many at the same time are no burden for a small cluster.
    private const int OpenLogs = 16;

    // What is held in memory in all, of which each log has its share.
    private const int Budget = 64 * 1024 * 1024;
    private const int LargestPortion = 4 * 1024 * 1024;
    private const int SmallestPortion = 64 * 1024;

    /// <summary>Gives the lines, the oldest first; with <see cref="LogQuery.Follow"/> then each new one.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which logs.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static IAsyncEnumerable<Streamed<HomelabLogLine>> ReadAsync(ClusterClient client, LogQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(query);
        return (query.Follow, query.Previous) switch
        {
            (true, true) => throw Errors.FollowPrevious(),
            (true, false) => new LogFollower(client, query).ReadAsync(cancellationToken),
            _ => ReadOnceAsync(client, query, cancellationToken),
        };
    }

    private static async IAsyncEnumerable<Streamed<HomelabLogLine>> ReadOnceAsync(
        ClusterClient client,
        LogQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var selection = new LogSelection(client, query);
        var targets = new List<LogTarget>();
        await foreach (var pod in client.ListAsync(ResourceType.Pod, query.Objects.ToListQuery(), WireContext.Default.PodWire, cancellationToken: cancellationToken))
        {
            if (await selection.AcceptsAsync(pod, cancellationToken))
            {
                var (found, notices) = LogContainers.Choose(pod, client.Name, query);
                targets.AddRange(found);
                foreach (var notice in notices)
                {
                    yield return notice;
                }
            }
        }

        foreach (var error in await selection.MissingAsync(cancellationToken))
        {
            yield return new FailureNotice(error);
        }

        await foreach (var item in HistoryAsync(Sources(client, query, targets), cancellationToken))
        {
            yield return item;
        }
    }

    /// <summary>Sources that share the slots and the memory.</summary>
    internal static IReadOnlyList<LogSource> Sources(ClusterClient client, LogQuery query, IReadOnlyCollection<LogTarget> targets)
    {
        var slots = new SemaphoreSlim(OpenLogs);
        var portion = Math.Clamp(Budget / Math.Max(1, targets.Count), SmallestPortion, LargestPortion);
        return [.. targets.Select(target => new LogSource(client, target, query, slots, portion))];
    }

    /// <summary>What has been written until now, merged by time, with what could not be read.</summary>
    internal static async IAsyncEnumerable<Streamed<HomelabLogLine>> HistoryAsync(
        IReadOnlyList<LogSource> sources,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var told = new HashSet<LogSource>();
        var refused = new HashSet<string>(StringComparer.Ordinal);
        await Task.WhenAll(sources.Select(source => source.PeekAsync(cancellationToken).AsTask()));
        foreach (var notice in Notices(sources, told, refused))
        {
            yield return notice;
        }

        await foreach (var (source, line) in LogMerge.ByTimeAsync(sources, cancellationToken))
        {
            yield return source.Target.Line(line);
        }

        foreach (var notice in Notices(sources, told, refused))
        {
            yield return notice;
        }
    }

    // Rights are given by namespace, so that one pod that is refused speaks for all of its namespace.
    private static IEnumerable<Notice> Notices(IReadOnlyList<LogSource> sources, HashSet<LogSource> told, HashSet<string> refused)
    {
        foreach (var source in sources)
        {
            if (source.Notice is { } notice && told.Add(source)
                && (notice is not FailureNotice { Error.Kind: ErrorKind.PermissionDenied } || refused.Add(source.Target.Namespace)))
            {
                yield return notice;
            }
        }
    }
}
