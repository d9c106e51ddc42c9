namespace HomelabOps.Core.Remounting;

/// <summary>How a mount is in one place.</summary>
internal enum RemountState
{
    /// <summary>It is mounted from the right source and answers.</summary>
    Well,

    /// <summary>Nothing is mounted there.</summary>
    Missing,

    /// <summary>The server has forgotten the handle.</summary>
    Stale,

    /// <summary>It does not answer.</summary>
    Hung,

    /// <summary>Something else is mounted, or another version.</summary>
    Other,
}
