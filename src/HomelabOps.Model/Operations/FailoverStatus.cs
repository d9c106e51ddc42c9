namespace HomelabOps;

/// <summary>How a failover ended.</summary>
public enum FailoverStatus
{
    /// <summary>The application runs on the target.</summary>
    Completed,

    /// <summary>A step failed; the operation can be resumed or undone.</summary>
    Failed,

    /// <summary>The application runs on the target, and the commit waits to be pushed.</summary>
    AwaitingPush,
}
