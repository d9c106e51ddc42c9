namespace HomelabOps;

/// <summary>Status of a Kubernetes condition. <see cref="False"/> is 0, so that it is falsy in PowerShell.</summary>
public enum ConditionStatus
{
    /// <summary>The condition does not hold.</summary>
    False = 0,

    /// <summary>The condition holds.</summary>
    True = 1,

    /// <summary>Nobody knows (yet), or the controller has not reported.</summary>
    Unknown = 2,
}
