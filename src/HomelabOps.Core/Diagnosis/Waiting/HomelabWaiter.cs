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

    /// <summary>Gives what is left when the time is over, followed by an error; nothing when nothing is.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which areas count, and how nodes are looked at.</param>
    /// <param name="timeout">How long all of it may take.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async IAsyncEnumerable<Streamed<HomelabFinding>> WaitAsync(ClusterClient client, HomelabTestQuery query, TimeSpan timeout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (began, activity, told) = (TimeProvider.System.GetTimestamp(), Errors.Text("HomelabWaiting", client.Name), new HashSet<Notice>());
        var stages = WaitStage.All.Where(stage => stage.Areas.Any(query.Wants)).ToList();
        IReadOnlyList<HomelabFinding> open = [];
        for (var next = 0; next < stages.Count;)
        {
            (open, var notices) = await LookAsync(client, query, stages[next], cancellationToken);
            foreach (var notice in notices.Where(told.Add))
            {
                yield return notice;
            }

            if (open.Count == 0)
            {
                next++;
                continue;
            }

            yield return new ProgressNotice(activity, Errors.Text("HomelabWaiting_" + stages[next].Name, open.Count, open[0].Target, open[0].Message), IsDone: false);
            if (TimeProvider.System.GetElapsedTime(began) + Pause > timeout)
            {
                break;
            }

            // What came up first may have gone again meanwhile.
            next = 0;
            await Task.Delay(Pause, cancellationToken);
        }

        yield return new ProgressNotice(activity, activity, IsDone: true);
        foreach (var finding in open)
        {
            yield return finding;
        }

        if (open.Count > 0)
        {
            yield return new FailureNotice(Errors.HomelabNotReady(client.Name, timeout, open.Count));
        }
    }

    private static async Task<(IReadOnlyList<HomelabFinding> Open, IReadOnlyCollection<Notice> Notices)> LookAsync(ClusterClient client, HomelabTestQuery query, WaitStage stage, CancellationToken cancellationToken)
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
            return ([Starting(new(client.Name, "Cluster", "", client.Name), error.Message).Finding], []);
        }

        if (snapshot.Failures.Count > 0)
        {
            return ([Starting(new(client.Name, "Cluster", "", client.Name), snapshot.Failures[0].Error.Message).Finding], []);
        }

        // What works, but not as well as it might, need not be waited for.
        var findings = HomelabTester.Find(snapshot, own).Where(finding => finding.Severity == FindingSeverity.Error && (stage.Namespace is null || finding.Namespace == stage.Namespace)).ToList();
        var known = findings.Select(finding => finding.Target).ToHashSet();
        return ([.. findings, .. stage.Starting(snapshot).Where(item => !known.Contains(item.Target)).Select(item => Starting(item.Target, item.State).Finding)], reader.Notices);
    }

    private static Symptom Starting(ResourceReference target, string state) => Symptom.Of(HomelabArea.Cluster, FindingSeverity.Warning, "StillStarting", target, state.TrimEnd('.'));
}
