using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Replication;

namespace HomelabOps.Core.Operations.Planning;

/// <summary>How old the copy on the target is, and what is lost with it. Nothing is ever said to be lost for certain, and nothing to be safe that is not.</summary>
internal static class DataLoss
{
    // Syncthing waits so long after a file has changed before it looks at it.
    private static readonly TimeSpan WatcherDelay = TimeSpan.FromSeconds(10);

    /// <summary>When the copy was last known to have everything, UTC; null when nothing tells.</summary>
    public static DateTimeOffset? CompleteAt(FailoverCase item)
    {
        var times = item.Claims.Select(claim => CompleteAt(item, claim)).ToList();
        return times.Count == 0 || times.Contains(null) ? null : times.Min();
    }

    /// <summary>What was written in at least so long a time before the node went away is not in the copy; null when nothing tells.</summary>
    /// <param name="item">The application.</param>
    /// <param name="node">The node that is gone; null where the cluster has forgotten it.</param>
    public static TimeSpan? Window(FailoverCase item, NodeWire? node)
    {
        var ready = node?.Status?.Conditions?.Find(condition => condition.Type == "Ready");
        if (CompleteAt(item) is not { } complete || ready?.LastHeartbeatTime is not { } last)
        {
            return null;
        }

        // The node has written on until it went away, which was not before it was last heard of.
        var between = last - complete;
        return (between > TimeSpan.Zero ? between : TimeSpan.Zero) + (item.Survivors.Count > 0 ? WatcherDelay : TimeSpan.FromSeconds(1));
    }

    private static DateTimeOffset? CompleteAt(FailoverCase item, ClaimMove claim)
    {
        var own = item.Replications.Where(replication => replication.SourcePvc == claim.Other || replication.DestinationPvc == claim.Other).ToList();
        if (own.Find(replication => replication.Method == "syncthing" && replication.SourcePvc == claim.Other) is { } syncthing)
        {
            var survivors = item.Survivors.Where(survivor => survivor.Name == syncthing.Name && survivor.Namespace == syncthing.Namespace).ToList();

            // While it lacks something, it is not known since when.
            return survivors.Count == 0 || survivors.Exists(survivor => survivor is not { NeedBytes: 0, NeedItems: 0, NeedDeletes: 0 }) ? null
                : survivors.Select(survivor => survivor.Connected ? DateTime.Now : survivor.LastSeen).Min() is { } seen ? new DateTimeOffset(seen) : null;
        }

        var destination = own.Find(replication => replication.Kind == ReplicationTypes.DestinationKind && replication.DestinationPvc == claim.Other);
        return (destination?.LastSync ?? item.Replications.FirstOrDefault(source => source.Reference == destination?.Partner)?.LastSync) is { } synced ? new DateTimeOffset(synced) : null;
    }
}
