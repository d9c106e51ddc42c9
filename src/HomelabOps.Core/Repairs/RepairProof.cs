using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Waiting;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Repairs;

/// <summary>Looks whether findings are gone, with the very test that found them. What could not be read is not gone.</summary>
/// <param name="client">The cluster.</param>
/// <param name="options">How long, and by which settings.</param>
internal sealed class RepairProof(ClusterClient client, RepairOptions options)
{
    // What has to be read of the webhook to tell that it is well again.
    private static readonly string[] OfSecret = ["secrets"];
    private static readonly string[] OfCallers = ["validatingwebhookconfigurations.admissionregistration.k8s.io"];
    private static readonly string[] OfNames = [.. OfSecret, .. OfCallers];
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>What became of each when the time is over, in their order: Gone, Remains, or Unknown. Ends as soon as all are gone.</summary>
    /// <param name="findings">Findings that were repaired.</param>
    /// <param name="cancellationToken">Ends the looking.</param>
    public async Task<IReadOnlyList<HomelabRepairResult>> ProveAsync(IReadOnlyList<HomelabFinding> findings, CancellationToken cancellationToken)
    {
        var query = QueryFor(findings);
        var results = findings.Select(_ => HomelabRepairResult.Unknown).ToList();
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            // A server that does not answer says nothing: what was known before counts on.
            if (await HomelabWatcher.ReadAsync(new(client, query), cancellationToken) is { } snapshot)
            {
                IReadOnlyList<HomelabFinding> found = [.. HomelabTester.Find(snapshot, query)];
                results = [.. findings.Select((finding, index) => Judge(finding, snapshot, found) ?? results[index])];
            }

            if (results.TrueForAll(result => result == HomelabRepairResult.Gone) || TimeProvider.System.GetElapsedTime(began) >= options.Timeout)
            {
                return results;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Of findings those that are not found any more, or only as something that somebody wants so: what was told a while ago may be mended, or be meant by now.</summary>
    /// <param name="repairs">Findings that are to be repaired, and by what.</param>
    /// <param name="cancellationToken">Ends the looking.</param>
    public async Task<IReadOnlyCollection<HomelabFinding>> OutdatedAsync(IReadOnlyCollection<(HomelabFinding Finding, HomelabRepairAction Action)> repairs, CancellationToken cancellationToken)
    {
        var query = QueryFor(repairs.Select(repair => repair.Finding));

        // What cannot be read now is not known to be over.
        if (repairs.Count == 0 || await HomelabWatcher.ReadAsync(new(client, query), cancellationToken) is not { } snapshot)
        {
            return [];
        }

        IReadOnlyList<HomelabFinding> found = [.. HomelabTester.Find(snapshot, query).Where(finding => finding.Severity > FindingSeverity.Info)];
        return [.. repairs.Where(repair => repair.Finding.Severity > FindingSeverity.Info && Judge(repair.Finding with { Repair = repair.Action }, snapshot, found) == HomelabRepairResult.Gone).Select(repair => repair.Finding)];
    }

    /// <summary>What a look says of a finding; null for nothing.</summary>
    internal static HomelabRepairResult? Judge(HomelabFinding finding, HomelabSnapshot snapshot, IReadOnlyList<HomelabFinding> found) =>
        found.Any(other => IsSame(finding, other)) ? HomelabRepairResult.Remains
        : finding.Repair is { } action && !IsKnown(snapshot, finding, action) ? null
        : HomelabRepairResult.Gone;

    private HomelabTestQuery QueryFor(IEnumerable<HomelabFinding> findings) => new() { Areas = [.. findings.Select(finding => finding.Area).Distinct()], IncludeConsequence = true, Links = false, Config = options.Config, Probe = options.Probe };

    // By what it asks for, which tells two mounts of a node apart, and holds for what is wrong in another way now. A Syncthing that is started anew
    // does not run for a while.
    private static bool IsSame(HomelabFinding finding, HomelabFinding other) => finding.Target == other.Target
        && (finding.Repair?.Kind == HomelabRepairKind.DisableWebhook ? other.Area == finding.Area : finding.Repair == other.Repair ? finding.Repair is not null || finding.Reason == other.Reason : finding.Repair?.Kind == HomelabRepairKind.RestartSyncthing && other.Reason == "SyncNotRunning");

    private static bool IsKnown(HomelabSnapshot snapshot, HomelabFinding finding, HomelabRepairAction action) => action.Kind switch
    {
        HomelabRepairKind.UncordonNode => snapshot.Nodes is not null,
        HomelabRepairKind.DeleteFailedPods => snapshot.Pods is not null,
        HomelabRepairKind.StartApp => snapshot.Workloads is not null,
        HomelabRepairKind.ResumeFlux or HomelabRepairKind.ReconcileFlux => snapshot.Flux is not null && !Lacks(snapshot, nameof(FluxResource)),
        HomelabRepairKind.RenewWebhookCert or HomelabRepairKind.DisableWebhook => !snapshot.Unread.Any(part => IsOfWebhook(part, finding)),
        HomelabRepairKind.RemountNfs => snapshot.Mounts?.Any(mount => mount.Node == action.Target.Name && mount.Path == action.Path && mount.State != NfsMountState.Unreachable) == true,
        _ => snapshot is { Replications: not null, Syncthings: not null } && !Lacks(snapshot, nameof(ReplicationStatus)) && !Lacks(snapshot, nameof(SyncthingStatus)),
    };

    // Roles, for one, may be kept from whoever asks; of a Secret they say nothing. Where the controller itself could not be read, neither could the rest.
    private static bool IsOfWebhook(UnreadPart part, HomelabFinding finding) => part.Name == SnapshotReader.WebhookPart
        || Array.Exists(finding.Repair?.Kind == HomelabRepairKind.DisableWebhook ? OfCallers : finding.Reason == "WebhookNameMismatch" ? OfNames : OfSecret, type => part.Name == SnapshotReader.WebhookPartOf(type));

    private static bool Lacks(HomelabSnapshot snapshot, string part) => snapshot.Unread.Any(unread => unread.Name.StartsWith(part, StringComparison.Ordinal));
}
