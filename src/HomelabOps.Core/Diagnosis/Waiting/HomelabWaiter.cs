using System.Runtime.CompilerServices;
using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Diagnosis.Waiting;

/// <summary>
/// Waits until a homelab is there again, as after a power cut: the API, nodes, mounts, DNS, MetalLB, Flux, applications, each when those before
/// it are there. An API server that does not answer is waited for as everything else.
/// </summary>
internal static class HomelabWaiter
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    // How long what is left is looked for when the time is over.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Gives what is left when the time is over, followed by an error; nothing when nothing is.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which areas count, and how nodes are looked at.</param>
    /// <param name="timeout">How long all of it may take.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async IAsyncEnumerable<Streamed<HomelabFinding>> WaitAsync(ClusterClient client, HomelabTestQuery query, TimeSpan timeout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (began, activity, told) = (TimeProvider.System.GetTimestamp(), Errors.Text("HomelabWaiting", client.Name), new HashSet<object>());
        var stages = WaitStage.For(query);
        var (next, open, stage) = (0, new Look([], [], Answers: true), -1);
        while (next < stages.Count)
        {
            var look = await LookAsync(client, query, stages[next], timeout - TimeProvider.System.GetElapsedTime(began), cancellationToken);
            foreach (var notice in look.Notices.Where(notice => told.Add(notice is FailureNotice failure ? (failure.Error.Id, failure.Error.Message) : notice)))
            {
                yield return notice;
            }

            if (look is { IsCut: false, Open.Count: 0 })
            {
                next++;
                continue;
            }

            // One that was cut short tells less than the one before of the same stage.
            (open, stage) = (look.IsCut && stage == next ? open : look, next);
            yield return new ProgressNotice(activity, Errors.Text("HomelabWaiting_" + stages[next].Name, open.Open.Count, open.Open[0].Target, open.Open[0].Message), IsDone: false);
            if (TimeProvider.System.GetElapsedTime(began) + Pause > timeout)
            {
                break;
            }

            // What came up first may have gone again meanwhile.
            next = 0;
            await Task.Delay(Pause, cancellationToken);
        }

        var left = next < stages.Count ? await LeftAsync(client, query, open, stages.Skip(next + 1), cancellationToken) : [];
        yield return new ProgressNotice(activity, activity, IsDone: true);
        foreach (var finding in left)
        {
            yield return finding;
        }

        if (left.Count > 0)
        {
            yield return new FailureNotice(Errors.HomelabNotReady(client.Name, timeout, left.Count));
        }
    }

    // All that is left, also of what nobody has come to.
    private static async Task<IReadOnlyList<HomelabFinding>> LeftAsync(ClusterClient client, HomelabTestQuery query, Look open, IEnumerable<WaitStage> later, CancellationToken cancellationToken)
    {
        var (left, began) = (open.Open.ToList(), TimeProvider.System.GetTimestamp());
        foreach (var stage in open.Answers ? later : [])
        {
            var look = await LookAsync(client, query, stage, Grace - TimeProvider.System.GetElapsedTime(began), cancellationToken);
            left.AddRange(look.IsCut ? [] : look.Open);
        }

        return [.. left.DistinctBy(finding => (finding.Target, finding.Reason))];
    }

    private static async Task<Look> LookAsync(ClusterClient client, HomelabTestQuery query, WaitStage stage, TimeSpan time, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(time > TimeSpan.Zero ? time : TimeSpan.Zero);
        try
        {
            return await LookAsync(client, query, stage, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new([OfCluster(client, Errors.Text("WaitLookCut"))], [], Answers: false) { IsCut = true };
        }
    }

    private static async Task<Look> LookAsync(ClusterClient client, HomelabTestQuery query, WaitStage stage, CancellationToken cancellationToken)
    {
        var own = query with { Areas = [.. stage.Areas.Where(query.Wants)], Links = false };
        var reader = new SnapshotReader(client, own);
        HomelabSnapshot snapshot;
        try
        {
            snapshot = await reader.ReadAsync(cancellationToken);
        }
        catch (HomelabException error) when (error.Kind is ErrorKind.ConnectionError or ErrorKind.OperationTimeout or ErrorKind.ResourceUnavailable)
        {
            return new([OfCluster(client, error.Message)], [], Answers: false);
        }

        if (snapshot.Failures.Count > 0)
        {
            return new([OfCluster(client, snapshot.Failures[0].Error.Message)], [], Answers: false);
        }

        // What works, but not as well as it might, need not be waited for. Rights may come late too: a server that has just started refuses what it has not read.
        var unread = stage.Unread(snapshot, query.Wants);
        var findings = HomelabTester.Find(snapshot, own).Where(finding => finding.Severity == FindingSeverity.Error && (stage.Namespace is null || finding.Namespace == stage.Namespace)).ToList();
        var known = findings.Select(finding => finding.Target).ToHashSet();
        return new(
            [.. findings, .. stage.Starting(snapshot).Where(item => !known.Contains(item.Target)).Select(item => Starting(item.Target, item.State).Finding), .. unread.Count > 0 ? [OfCluster(client, Errors.Text("WaitNotRead", string.Join(", ", unread)))] : (HomelabFinding[])[]],
            reader.Notices,
            Answers: true);
    }

    private static HomelabFinding OfCluster(ClusterClient client, string state) => Starting(new(client.Name, "Cluster", "", client.Name), state).Finding;

    private static Symptom Starting(ResourceReference target, string state) => Symptom.Of(HomelabArea.Cluster, FindingSeverity.Warning, "StillStarting", target, state.TrimEnd('.'));

    /// <summary>What was seen.</summary>
    /// <param name="Open">What is not there.</param>
    /// <param name="Notices">What is to be told of the reading.</param>
    /// <param name="Answers">Whether the server could be asked.</param>
    private sealed record Look(IReadOnlyList<HomelabFinding> Open, IReadOnlyCollection<Notice> Notices, bool Answers)
    {
        /// <summary>The time was over before it was complete.</summary>
        public bool IsCut { get; init; }
    }
}
