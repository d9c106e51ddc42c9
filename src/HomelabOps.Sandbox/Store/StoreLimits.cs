namespace HomelabOps.Sandbox.Store;

/// <summary>How much of the past is kept for watches and for continue tokens.</summary>
internal sealed record StoreLimits
{
    /// <summary>Events of each collection.</summary>
    public int Events { get; init; } = 4096;

    /// <summary>Bytes of those events.</summary>
    public long Bytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Age of the oldest one that may still be asked for.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromMinutes(5);
}
