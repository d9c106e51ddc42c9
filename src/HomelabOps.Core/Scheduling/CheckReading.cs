using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Scheduling;

/// <summary>What one run of a check has read: what is wrong, and of each cluster what nothing is known of.</summary>
internal sealed class CheckReading
{
    // By cluster; null while nothing is known of it.
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>?> _unread = new(StringComparer.Ordinal);

    // What a session calls a cluster depends on the others that it has; within a check the context says which is meant.
    private readonly ConcurrentDictionary<string, string> _contexts = new(StringComparer.Ordinal);
    private volatile bool _hasFailed;

    /// <summary>What is wrong.</summary>
    public List<HomelabFinding> Findings { get; } = [];

    /// <summary>Something did not answer, which is a finding itself.</summary>
    public bool HasFailed => _hasFailed;

    /// <summary>All that was to be looked at was.</summary>
    public bool IsComplete => !HasFailed && _unread.Values.All(parts => parts is { Count: 0 });

    /// <summary>Whether a cluster was to be looked at, as far as that is known.</summary>
    public bool IsMeant(string cluster) => HasFailed || cluster.Length == 0 || _unread.ContainsKey(cluster);

    /// <summary>What a cluster is called from run to run.</summary>
    public string IdentityOf(string cluster) => _contexts.GetValueOrDefault(cluster, cluster);

    /// <summary>What nothing is known of in a cluster, or in any for what is of none; null where nothing is known at all.</summary>
    public IReadOnlyList<string>? UnreadOf(string cluster) => cluster.Length > 0 ? _unread.GetValueOrDefault(cluster)
        : IsAnyDark ? null : [.. _unread.Values.SelectMany(parts => parts!).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Tests a cluster.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">What of it.</param>
    /// <param name="cancellationToken">Ends everything; pods that look at nodes are deleted all the same.</param>
    /// <exception cref="HomelabException">AuthenticationFailed and what else ends every request.</exception>
    public async IAsyncEnumerable<Streamed<HomelabFinding>> ReadAsync(ClusterClient client, HomelabTestQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var context = client.Endpoint.Context.Name;
        _contexts[client.Name] = context;
        Saw(context, null);
        var reader = new SnapshotReader(client, query);
        var snapshot = await reader.ReadAsync(cancellationToken);
        foreach (var notice in reader.Notices)
        {
            yield return notice;
        }

        if (snapshot.Failures.Count > 0 || reader.Notices.OfType<FailureNotice>().Any())
        {
            _hasFailed = true;
        }

        Saw(context, [.. snapshot.Unread.Select(part => part.Name).Order(StringComparer.Ordinal)]);
        foreach (var finding in HomelabTester.Find(snapshot, query))
        {
            yield return finding;
        }
    }

    /// <summary>Takes down what nothing is known of in a cluster, by its identity; null for all of it.</summary>
    public void Saw(string cluster, IReadOnlyList<string>? unread) => _unread[cluster] = unread;

    /// <summary>Takes down that not all could be asked.</summary>
    public void Fail(string reason, string message)
    {
        _hasFailed = true;
        Findings.Add(Of(FindingSeverity.Error, reason, message));
    }

    /// <summary>A finding about the reading itself, and no cluster.</summary>
    public static HomelabFinding Of(FindingSeverity severity, string reason, string message) => new() { Area = HomelabArea.Cluster, Severity = severity, Reason = reason, Message = message };

    private bool IsAnyDark => HasFailed || _unread.Values.Contains(null);
}
