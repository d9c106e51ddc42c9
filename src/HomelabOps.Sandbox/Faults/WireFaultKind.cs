namespace HomelabOps.Sandbox.Faults;

/// <summary>What goes wrong between client and server.</summary>
public enum WireFaultKind
{
    /// <summary>401.</summary>
    Unauthorized,

    /// <summary>403.</summary>
    Forbidden,

    /// <summary>429 with Retry-After.</summary>
    TooManyRequests,

    /// <summary>500.</summary>
    InternalError,

    /// <summary>503.</summary>
    Unavailable,

    /// <summary>410 for lists and watches.</summary>
    Gone,

    /// <summary>The connection is closed without an answer.</summary>
    ConnectionReset,

    /// <summary>The answer begins and does not go on.</summary>
    StalledBody,

    /// <summary>The answer comes late.</summary>
    Slow,

    /// <summary>Watches end as soon as they begin.</summary>
    WatchCut,
}
