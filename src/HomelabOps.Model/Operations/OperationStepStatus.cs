namespace HomelabOps;

/// <summary>How a step of an operation stands.</summary>
public enum OperationStepStatus
{
    /// <summary>It was not begun.</summary>
    Pending,

    /// <summary>It was begun. Where nothing works at it any more nobody knows how far it came.</summary>
    Running,

    /// <summary>It is done.</summary>
    Completed,

    /// <summary>It failed.</summary>
    Failed,
}
