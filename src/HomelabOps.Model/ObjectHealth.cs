namespace HomelabOps;

/// <summary>Whether an object is as its spec wants it, by the rules of kstatus, which Flux' own health checks follow.</summary>
public enum ObjectHealth
{
    /// <summary>It could not be read, or lies in another cluster.</summary>
    Unknown,

    /// <summary>It is as its spec wants it.</summary>
    Current,

    /// <summary>It is on its way.</summary>
    InProgress,

    /// <summary>It does not get there without help.</summary>
    Failed,

    /// <summary>It is being deleted.</summary>
    Terminating,

    /// <summary>It does not exist.</summary>
    NotFound,
}
