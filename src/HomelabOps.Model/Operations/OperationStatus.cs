namespace HomelabOps;

/// <summary>How an operation stands.</summary>
public enum OperationStatus
{
    /// <summary>A process works at it.</summary>
    Running,

    /// <summary>The process that worked at it has gone.</summary>
    Interrupted,

    /// <summary>A step failed.</summary>
    Failed,

    /// <summary>All is done but the push, for which Git was not reached.</summary>
    AwaitingPush,

    /// <summary>It is done.</summary>
    Completed,

    /// <summary>It was taken back.</summary>
    Undone,
}
