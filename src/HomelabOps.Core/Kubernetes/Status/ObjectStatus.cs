namespace HomelabOps.Core.Kubernetes.Status;

/// <summary>What kstatus makes of an object: one word for whether it has come to rest as its spec wants it.</summary>
internal enum ObjectStatus
{
    /// <summary>It is on its way.</summary>
    InProgress,

    /// <summary>It does not get there without help.</summary>
    Failed,

    /// <summary>It is as its spec wants it.</summary>
    Current,

    /// <summary>It is being deleted.</summary>
    Terminating,

    /// <summary>It does not exist.</summary>
    NotFound,
}
