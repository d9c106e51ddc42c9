namespace HomelabOps.Core.Reporting;

/// <summary>How something in a report is, for a mark and a word; never for a colour alone.</summary>
internal enum PartState
{
    /// <summary>It is as it should be.</summary>
    Well,

    /// <summary>It is not.</summary>
    Unwell,

    /// <summary>Somebody has stopped it.</summary>
    Stopped,

    /// <summary>Nothing says so yet.</summary>
    Unknown,
}

/// <summary>States of records, with the word for each.</summary>
internal static class PartStates
{
    public static (PartState State, string Word) Of(FluxResource resource) => resource switch
    {
        { Suspended: true } => (PartState.Stopped, "suspended"),
        { Stale: true } => (PartState.Unwell, "stale"),
        { Ready: ConditionStatus.True } => (PartState.Well, "ready"),
        { Ready: ConditionStatus.False } => (PartState.Unwell, "not ready"),
        _ => (PartState.Unknown, "unknown"),
    };

    public static (PartState State, string Word) Of(HomelabApp app) => app switch
    {
        { Stopped: true } => (PartState.Stopped, "stopped"),
        { Healthy: true } => (PartState.Well, "healthy"),
        _ => (PartState.Unwell, app.Reason.Length > 0 ? app.Reason : "not healthy"),
    };

    public static (PartState State, string Word) Of(ReplicationStatus replication) => replication switch
    {
        { State: ReplicationState.Paused } => (PartState.Stopped, "paused"),
        { Healthy: true } => (PartState.Well, replication.State.ToString()),
        { State: ReplicationState.Pending } => (PartState.Unknown, replication.State.ToString()),
        _ => (PartState.Unwell, replication.State.ToString()),
    };

    public static (PartState State, string Word) Of(SyncthingStatus syncthing) => syncthing switch
    {
        { State: SyncthingState.Paused } => (PartState.Stopped, "paused"),
        { State: SyncthingState.Unread } => (PartState.Unknown, "not read"),
        _ => (syncthing.Healthy ? PartState.Well : PartState.Unwell, syncthing.State.ToString()),
    };

    public static (PartState State, string Word) Of(HomelabNode node) => node switch
    {
        { Healthy: false } => (PartState.Unwell, node.Ready ? string.Join(", ", node.Pressure) : "not ready"),
        { Schedulable: false } => (PartState.Stopped, "cordoned"),
        _ => (PartState.Well, "ready"),
    };

    public static (PartState State, string Word) Of(HomelabOperation operation) => operation.Status switch
    {
        OperationStatus.Completed or OperationStatus.Undone => (PartState.Well, operation.Status.ToString()),
        OperationStatus.Running => (PartState.Unknown, operation.Status.ToString()),
        _ => (PartState.Unwell, operation.Status.ToString()),
    };
}
