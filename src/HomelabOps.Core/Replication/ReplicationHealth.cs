using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Replication.Wire;

namespace HomelabOps.Core.Replication;

/// <summary>
/// How a replication stands. VolSync has no condition that says so: a backup that fails again and again stays "in progress", and a
/// Syncthing is so for ever. What counts is the age of the last success against the schedule, how the last mover ended, how long a
/// run has been going on, and for Syncthing its peers.
/// </summary>
/// <param name="State">The state.</param>
/// <param name="Message">Why it is not well, or what it is at.</param>
internal readonly record struct ReplicationHealth(ReplicationState State, string Message)
{
    /// <summary>Annotation with the peers of a Syncthing that is suspended: without them it talks to nobody.</summary>
    public const string SuspendedPeers = "homelabops.github.io/suspended-peers";

    // A run may take a few times as long as the last one; of the first nobody knows how much there is to copy.
    private const int Slowness = 5;
    private static readonly TimeSpan ShortestRun = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstRun = TimeSpan.FromHours(6);

    /// <summary>Nothing has to be done.</summary>
    public bool IsHealthy => State is ReplicationState.Waiting or ReplicationState.Running or ReplicationState.Connected;

    /// <summary>Judges a replication.</summary>
    /// <param name="item">As the server has it.</param>
    /// <param name="isSource">It is a ReplicationSource.</param>
    /// <param name="pods">Pods of its mover; null where they may not be read.</param>
    /// <param name="now">The time.</param>
    public static ReplicationHealth Of(ReplicationWire item, bool isSource, IReadOnlyList<HomelabPod>? pods, DateTimeOffset now)
    {
        var (spec, status) = (item.Spec ?? new(), item.Status);
        var (schedule, wrong) = Schedule(spec.Trigger?.Schedule);
        var condition = status?.Conditions?.Find(condition => condition.Type == "Synchronizing");
        if (wrong is not null)
        {
            return new(ReplicationState.Failed, Errors.Text("Detail_ReplicationScheduleInvalid", spec.Trigger!.Schedule, wrong));
        }

        // Syncthing runs on whatever the spec says.
        if (spec.Paused && spec.Syncthing is null)
        {
            return new(ReplicationState.Paused, Told("Detail_ReplicationPaused", item, isSource));
        }

        if (IsSuspended(item))
        {
            return new(ReplicationState.Paused, Told("Detail_ReplicationSuspended", item, isSource));
        }

        if (condition?.Reason == "Error")
        {
            return new(ReplicationState.Failed, condition.Message ?? "");
        }

        if (status is null || (status.LastSyncTime is null && status.LastSyncStartTime is null && condition is null && status.LatestMoverStatus is null))
        {
            return new(ReplicationState.Pending, Errors.Text("Detail_ReplicationPending"));
        }

        if (spec.Syncthing is not null)
        {
            return OfSyncthing(spec, status, pods);
        }

        if (status.LatestMoverStatus is { Result: "Failed" } mover)
        {
            return new(ReplicationState.Failed, Errors.Text("Detail_ReplicationMoverFailed", LastLine(mover.Logs)));
        }

        // The receiving end of rsync begins its next run at once, and waits in it for what is sent.
        return !isSource && schedule is null && (spec.RsyncTls ?? spec.Rsync) is not null
            ? new(status.LastSyncStartTime is null ? ReplicationState.Waiting : ReplicationState.Running, condition?.Message ?? "")
            : Missed(spec, status, schedule, now) ?? OfRun(status, condition?.Message, now);
    }

    /// <summary>It is a Syncthing whose peers were taken away on purpose.</summary>
    public static bool IsSuspended(ReplicationWire item) => item.Metadata.Annotations?.ContainsKey(SuspendedPeers) == true;

    /// <summary>A text with who suspended a replication, why and until when, where that was written down, and what resumes it.</summary>
    public static string Told(string key, ReplicationWire item, bool isSource) => Errors.Text(
        key,
        Suspensions.Read(item.Metadata).ToString() is { Length: > 0 } known ? $" ({known})" : "",
        $"{(isSource ? ReplicationTypes.SourceKind : ReplicationTypes.DestinationKind)}/{item.Metadata.Namespace}/{item.Metadata.Name}");

    /// <summary>The schedule, and what is wrong with it.</summary>
    public static (CronSchedule? Schedule, string? Wrong) Schedule(string? text) => string.IsNullOrEmpty(text) ? (null, null)
        : CronSchedule.Parse(text) is { } schedule ? (schedule, null)
        : (null, CronSyntax.Check(text) ?? Errors.Text("Detail_ReplicationZoneUnknown"));

    private static ReplicationHealth OfSyncthing(ReplicationSpecWire spec, ReplicationStatusWire status, IReadOnlyList<HomelabPod>? pods)
    {
        if (pods is not null && !pods.Any(pod => pod.Ready))
        {
            return new(ReplicationState.Disconnected, pods.Count == 0
                ? Errors.Text("Detail_ReplicationNoPod")
                : Errors.Text("Detail_ReplicationPodNotReady", pods[0], pods[0].Message.Length > 0 ? pods[0].Message : pods[0].Status));
        }

        var peers = spec.Syncthing!.Peers ?? [];
        var gone = peers.FindAll(peer => status.Syncthing?.Peers?.Exists(known => known.Id == peer.Id && known.Connected) != true);
        return peers.Count == 0 ? new(ReplicationState.Disconnected, Errors.Text("Detail_ReplicationNoPeer"))
            : gone.Count > 0 ? new(ReplicationState.Disconnected, Errors.Text("Detail_ReplicationPeerGone", string.Join(", ", gone.Select(peer => $"{Short(peer.Id)} ({peer.Address})"))))
            : new(ReplicationState.Connected, spec.Paused ? Errors.Text("Detail_ReplicationPauseIgnored") : "");
    }

    // Two times, as VolSync counts it: at the first one the next run begins.
    private static ReplicationHealth? Missed(ReplicationSpecWire spec, ReplicationStatusWire status, CronSchedule? schedule, DateTimeOffset now)
    {
        if (schedule is null || (status.LastSyncTime ?? status.LastSyncStartTime) is not { } last
            || schedule.Next(last) is not { } next || schedule.Next(next) is not { } second || second >= now)
        {
            return null;
        }

        var since = Display.Moment(last.LocalDateTime);
        return new(ReplicationState.Late, status.LastSyncTime is null ? Errors.Text("Detail_ReplicationNeverSynced", since)
            : spec.Trigger?.Manual is { Length: > 0 } token && status.LastSyncStartTime is null ? Errors.Text("Detail_ReplicationManualHolds", since, token)
            : Errors.Text("Detail_ReplicationMissed", since));
    }

    private static ReplicationHealth OfRun(ReplicationStatusWire status, string? message, DateTimeOffset now)
    {
        if (status.LastSyncStartTime is not { } start)
        {
            return new(ReplicationState.Waiting, message ?? "");
        }

        var usual = GoDuration.Parse(status.LastSyncDuration);
        var limit = usual is { } length ? TimeSpan.FromTicks(Math.Max(ShortestRun.Ticks, length.Ticks * Slowness)) : FirstRun;
        return now - start <= limit ? new(ReplicationState.Running, message ?? "")
            : new(ReplicationState.Late, usual is null ? Errors.Text("Detail_ReplicationFirstRunLong", Display.Duration(now - start)) : Errors.Text("Detail_ReplicationRunLong", Display.Duration(now - start), Display.Duration(usual)));
    }

    private static string LastLine(string? log) => (log ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";

    private static string Short(string? id) => id is { Length: > 7 } ? id[..7] : id ?? "";
}
