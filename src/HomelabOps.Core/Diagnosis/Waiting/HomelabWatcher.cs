using System.Runtime.CompilerServices;
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
        var (open, told) = (new Dictionary<object, HomelabFinding>(), new HashSet<object>());
        var (known, looked) = ((HomelabSnapshot?)null, 0L);
        while (true)
        {
            var now = TimeProvider.System.GetTimestamp();
            if (known is null || TimeProvider.System.GetElapsedTime(looked, now) >= Outdated)
            {
                (known, looked) = (null, now);
            }

            var reader = new SnapshotReader(client, query with { Known = known });
            var snapshot = await ReadAsync(reader, cancellationToken);
            foreach (var notice in reader.Notices.Where(notice => told.Add(notice is FailureNotice failure ? (failure.Error.Id, failure.Error.Message) : notice)))
            {
                yield return notice;
            }

            foreach (var item in snapshot is null ? [] : Changes(open, [.. HomelabTester.Find(snapshot, query)], isWhole: snapshot.Failures.Count == 0))
            {
                yield return item;
            }

            known = snapshot is { Failures.Count: 0 } ? snapshot : known;
            await Task.Delay(Pause, cancellationToken);
        }
    }

    // A server that is away is waited for: what it cannot be asked for has neither come nor gone.
    private static async Task<HomelabSnapshot?> ReadAsync(SnapshotReader reader, CancellationToken cancellationToken)
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
    /// <param name="isWhole">Everything could be read; else nothing is known of what was not found.</param>
    internal static IReadOnlyList<HomelabFinding> Changes(Dictionary<object, HomelabFinding> open, IReadOnlyList<HomelabFinding> found, bool isWhole)
    {
        var (changes, keys) = (new List<HomelabFinding>(), new HashSet<object>());
        foreach (var finding in found)
        {
            var key = Key(finding);
            keys.Add(key);
            if (!open.TryGetValue(key, out var before) || (before.Severity, before.RootCause) != (finding.Severity, finding.RootCause))
            {
                changes.Add(finding);
            }

            open[key] = finding;
        }

        foreach (var (key, finding) in isWhole ? open.Where(item => !keys.Contains(item.Key)).ToList() : [])
        {
            open.Remove(key);
            changes.Add(finding with { Gone = true, Repair = null, Remedy = "" });
        }

        return changes;
    }

    private static object Key(HomelabFinding finding) => (finding.Area, finding.Reason, finding.Target, finding.Place, finding.Target is null ? finding.Message : "");
}
