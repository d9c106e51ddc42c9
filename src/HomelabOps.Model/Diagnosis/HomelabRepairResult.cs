namespace HomelabOps;

/// <summary>What became of a repair.</summary>
public enum HomelabRepairResult
{
    /// <summary>It was done, and the finding is gone.</summary>
    Gone,

    /// <summary>It was done, and the finding is still there.</summary>
    Remains,

    /// <summary>Nothing was done: there is no safe remedy, or nobody agreed.</summary>
    Skipped,

    /// <summary>It could not be done.</summary>
    Failed,

    /// <summary>It was done, and whether the finding is gone could not be read.</summary>
    Unknown,
}
