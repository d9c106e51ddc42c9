namespace HomelabOps.Core.Drills;

/// <summary>What is done about a breakdown.</summary>
internal enum DrillAction
{
    /// <summary>What no command of a cluster can do: power, cables, file servers, accounts of other services.</summary>
    ByHand,

    /// <summary>What the finding says that Repair-Homelab can do.</summary>
    Repair,

    /// <summary>The last commit is taken back, as Undo-GitOpsChange does it.</summary>
    Revert,

    /// <summary>What was deleted is brought back, as Restore-HomelabManifest does it.</summary>
    RestoreManifest,

    /// <summary>The application gets the image that it had, as Set-HomelabAppImage does it.</summary>
    SetImage,

    /// <summary>The application gets more memory, as Set-HomelabAppResource does it.</summary>
    SetMemory,

    /// <summary>The application is moved to its other node, as Invoke-HomelabFailover does it.</summary>
    Failover,

    /// <summary>The application is brought home, as Invoke-HomelabFailback does it.</summary>
    Failback,

    /// <summary>A cluster that was set up anew is brought back, as Restore-HomelabCluster does it.</summary>
    RestoreCluster,
}
