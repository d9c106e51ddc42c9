namespace HomelabOps;

/// <summary>A replication of VolSync. Its kind is ReplicationSource or ReplicationDestination.</summary>
public sealed record ReplicationStatus : HomelabRecord
{
    /// <summary>Application whose data it is; empty when nothing says.</summary>
    public string App { get; init; } = "";

    /// <summary>What moves the data, as in the spec: <c>syncthing</c>, <c>restic</c>, <c>rsyncTLS</c>, <c>rsync</c>, <c>rclone</c>, <c>external</c>; empty for none.</summary>
    public string Method { get; init; } = "";

    /// <summary>How it stands.</summary>
    public ReplicationState State { get; init; }

    /// <summary>It waits, runs in good time, or is connected, and nothing has failed since the last success.</summary>
    public bool Healthy { get; init; }

    /// <summary>When the last run succeeded, local time; null for never, and always for Syncthing.</summary>
    public DateTime? LastSync { get; init; }

    /// <summary>How long that run took.</summary>
    public TimeSpan? LastDuration { get; init; }

    /// <summary>Since when a run is under way, local time; null when none is. A Syncthing runs always.</summary>
    public DateTime? Running { get; init; }

    /// <summary>When the schedule says so next, local time; null without a schedule, and while a manual trigger is set.</summary>
    public DateTime? NextSync { get; init; }

    /// <summary>Time since the last success: what would be lost. Null for never, and for Syncthing, whose lag Get-SyncthingReplication tells.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>Schedule of the spec; empty for none.</summary>
    public string Schedule { get; init; } = "";

    /// <summary>Token of a manual trigger in the spec; empty for none. It keeps the schedule from running.</summary>
    public string ManualTrigger { get; init; } = "";

    /// <summary>Token of the last manual run; empty for none.</summary>
    public string LastManualSync { get; init; } = "";

    /// <summary>The spec says that it is paused. That stops every mover but Syncthing.</summary>
    public bool Paused { get; init; }

    /// <summary>Who suspended it, why and until when; null for one that is not suspended.</summary>
    public FluxSuspension? Suspension { get; init; }

    /// <summary>Why it is not healthy, or what it is at; empty when there is nothing to say.</summary>
    public string Message { get; init; } = "";

    /// <summary><c>Successful</c> or <c>Failed</c>, as the last mover ended; empty when none has.</summary>
    public string MoverResult { get; init; } = "";

    /// <summary>The last lines of that mover.</summary>
    public string MoverLog { get; init; } = "";

    /// <summary>Claim that is read; empty when it is not in this cluster.</summary>
    public string SourcePvc { get; init; } = "";

    /// <summary>Claim that is written; empty when it is not in this cluster.</summary>
    public string DestinationPvc { get; init; } = "";

    /// <summary>The other end, where it is in this cluster.</summary>
    public ResourceReference? Partner { get; init; }

    /// <summary>Pods of the mover; empty while none runs.</summary>
    public IReadOnlyList<HomelabPod> Pods { get; init; } = [];

    /// <summary>All labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Time since it was created.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>All conditions.</summary>
    public IReadOnlyList<ResourceCondition> Conditions { get; init; } = [];
}
