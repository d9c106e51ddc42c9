namespace HomelabOps;

/// <summary>How a replication of VolSync stands.</summary>
public enum ReplicationState
{
    /// <summary>A run or a mover failed, the schedule is none, or VolSync cannot do what it is told.</summary>
    Failed,

    /// <summary>VolSync has not looked at it yet.</summary>
    Pending,

    /// <summary>It waits for its schedule, or for somebody to start it.</summary>
    Waiting,

    /// <summary>A run is under way.</summary>
    Running,

    /// <summary>A Syncthing that is connected with all of its peers. It never comes to an end, so it has no time of a last sync.</summary>
    Connected,

    /// <summary>A Syncthing that does not run, or that lacks a peer.</summary>
    Disconnected,

    /// <summary>Two times of the schedule have passed without a sync, or a run takes far longer than usual.</summary>
    Late,

    /// <summary>It was paused.</summary>
    Paused,
}
