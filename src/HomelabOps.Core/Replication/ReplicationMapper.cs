using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Replication.Wire;

namespace HomelabOps.Core.Replication;

/// <summary>Makes records of replications. What the other end tells is added by <see cref="ReplicationPairs"/>.</summary>
/// <param name="pods">What the pods say.</param>
/// <param name="apps">Whose data it is.</param>
/// <param name="cluster">Name of the connection.</param>
/// <param name="now">The time by which is judged what is late.</param>
internal sealed class ReplicationMapper(ReplicationPods pods, ReplicatedApps apps, string cluster, DateTimeOffset now)
{
    public ReplicationStatus Map(ReplicationWire item, string kind)
    {
        var (spec, status, metadata) = (item.Spec ?? new(), item.Status ?? new(), item.Metadata);
        var (isSource, method) = (kind == ReplicationTypes.SourceKind, Method(spec));
        var claim = isSource ? spec.SourcePvc ?? "" : Mover(spec)?.DestinationPvc ?? "";
        var movers = pods.MoversOf(metadata.Namespace ?? "", MoverNames.Controller(method, metadata.Name, isSource));
        var health = ReplicationHealth.Of(item, isSource, pods.IsKnown ? movers : null, now);
        return new()
        {
            Cluster = cluster,
            Kind = kind,
            Namespace = metadata.Namespace ?? "",
            Name = metadata.Name,
            App = apps.Of(item, claim),
            Method = method,
            State = health.State,
            Healthy = health.IsHealthy,
            Message = health.Message,
            LastSync = WireMapping.Local(status.LastSyncTime),
            LastDuration = GoDuration.Parse(status.LastSyncDuration),
            Running = WireMapping.Local(status.LastSyncStartTime),
            NextSync = WireMapping.Local(Next(spec, status, now)),
            Lag = now - status.LastSyncTime,
            Schedule = spec.Trigger?.Schedule ?? "",
            ManualTrigger = spec.Trigger?.Manual ?? "",
            LastManualSync = status.LastManualSync ?? "",
            Paused = spec.Paused,
            Suspension = health.State == ReplicationState.Paused ? Suspensions.Read(metadata) : null,
            MoverResult = status.LatestMoverStatus?.Result ?? "",
            MoverLog = status.LatestMoverStatus?.Logs ?? "",
            SourcePvc = isSource ? claim : "",
            DestinationPvc = isSource ? "" : claim,
            Pods = movers,
            Labels = WireMapping.Labels(metadata),
            Age = WireMapping.Age(metadata.CreationTimestamp),
            Conditions = WireMapping.Conditions(status.Conditions),
        };
    }

    /// <summary>The mover that the spec asks for; null for none, and for one of another operator.</summary>
    public static MoverWire? Mover(ReplicationSpecWire spec) => spec.Syncthing ?? spec.RsyncTls ?? spec.Rsync ?? spec.Restic ?? spec.Rclone;

    private static string Method(ReplicationSpecWire spec) => spec switch
    {
        { Syncthing: not null } => "syncthing",
        { RsyncTls: not null } => "rsyncTLS",
        { Rsync: not null } => "rsync",
        { Restic: not null } => "restic",
        { Rclone: not null } => "rclone",
        { External: not null } => "external",
        _ => "",
    };

    // VolSync says it itself, unless it has not looked yet.
    private static DateTimeOffset? Next(ReplicationSpecWire spec, ReplicationStatusWire status, DateTimeOffset now) => status.NextSyncTime
        ?? (spec.Trigger?.Manual is { Length: > 0 } || spec.Syncthing is not null || spec.Paused || status.LastSyncStartTime is not null ? null : ReplicationHealth.Schedule(spec.Trigger?.Schedule).Schedule?.Next(now));
}
