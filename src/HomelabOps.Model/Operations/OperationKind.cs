namespace HomelabOps;

/// <summary>What an operation does.</summary>
public enum OperationKind
{
    /// <summary>Moves applications off a node that is gone.</summary>
    Failover,

    /// <summary>Moves applications off a node that is alive; they are stopped first, so nothing is lost.</summary>
    PlannedFailover,

    /// <summary>Brings applications home.</summary>
    Failback,
}
