using System.Runtime.CompilerServices;
using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Diagnosis.Waiting;

/// <summary>
/// Tests a homelab again and again, and tells what is new and what is gone. What needs pods on nodes, the repository or many Secrets is looked
/// at less often than the rest, and taken as it was meanwhile.
/// </summary>
internal static class HomelabWatcher
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Outdated = TimeSpan.FromMinutes(1);

    /// <summary>Gives the findings as they are, then each that comes, is of another severity or has another root, or is gone, until cancelled.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">What is wanted.</param>
    /// <param name="cancellationToken">Ends it; pods that look at nodes are deleted all the same.</param>
    /// <exception cref="HomelabException">AuthenticationFailed and what else ends every request.</exception>
    public static async IAsyncEnumerable<Streamed<HomelabFinding>> WatchAsync(ClusterClient client, HomelabTestQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (open, told) = (new Dictionary<object, OpenFinding>(), new HashSet<object>());
        var (known, looked) = ((HomelabSnapshot?)null, 0L);
        while (true)
        {
            var now = TimeProvider.System.GetTimestamp();
            var isDue = known is null || TimeProvider.System.GetElapsedTime(looked, now) >= Outdated;
            var reader = new SnapshotReader(client, query with { Known = isDue ? null : known });
            var snapshot = await ReadAsync(reader, cancellationToken);
            var missing = snapshot is null ? [] : KnownApps.Missing(snapshot, query.Apps);
            foreach (var notice in reader.Notices.Concat(missing).Where(notice => told.Add(notice is FailureNotice failure ? (failure.Error.Id, failure.Error.Message) : notice)))
            {
                yield return notice;
            }

            foreach (var item in snapshot is null ? [] : Changes(open, [.. HomelabTester.Choose(snapshot, query)], snapshot.Unread))
            {
                yield return item;
            }

            // Of nodes that could not be looked at nothing is known until it is time again; pods on them for each try would only add to what is wrong.
            (known, looked) = (snapshot ?? known, isDue && snapshot is not null ? now : looked);
            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Reads, or gives null while the server is away: what it cannot be asked for has neither come nor gone.</summary>
    internal static async Task<HomelabSnapshot?> ReadAsync(SnapshotReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(cancellationToken);
        }
        catch (HomelabException error) when (error.Kind is ErrorKind.ConnectionError or ErrorKind.OperationTimeout or ErrorKind.ResourceUnavailable)
        {
            return null;
        }
    }

    /// <summary>What has changed since, and takes it over.</summary>
    /// <param name="open">What was told and is not gone.</param>
    /// <param name="found">What is there now.</param>
    /// <param name="unread">What could not be read. A finding is gone where all is known that was known when it was found.</param>
    internal static IReadOnlyList<HomelabFinding> Changes(Dictionary<object, OpenFinding> open, IReadOnlyList<ChosenFinding> found, IReadOnlySet<UnreadPart> unread)
    {
        var (changes, keys) = (new List<HomelabFinding>(), new HashSet<object>());
        foreach (var (key, finding) in found)
        {
            keys.Add(key);
            if (!open.TryGetValue(key, out var before) || (before.Finding.Severity, before.Finding.RootCause) != (finding.Severity, finding.RootCause))
            {
                changes.Add(finding);
            }

            open[key] = new(finding, unread);
        }

        foreach (var (key, before) in open.Where(item => !keys.Contains(item.Key) && unread.IsSubsetOf(item.Value.Unread)).ToList())
        {
            open.Remove(key);
            changes.Add(before.Finding with { Gone = true, Repair = null, Remedy = "" });
        }

        return changes;
    }

    /// <summary>A finding that was told.</summary>
    /// <param name="Finding">As it was the last time.</param>
    /// <param name="Unread">What could not be read then.</param>
    internal sealed record OpenFinding(HomelabFinding Finding, IReadOnlySet<UnreadPart> Unread);
}
