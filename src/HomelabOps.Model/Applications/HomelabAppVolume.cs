namespace HomelabOps;

/// <summary>A claim that an application's pods mount.</summary>
public sealed record HomelabAppVolume
{
    /// <summary>Name of the claim.</summary>
    public string Claim { get; init; } = "";

    /// <summary>Name of the volume; empty while the claim is not bound.</summary>
    public string Volume { get; init; } = "";

    /// <summary>Bound, Pending or Lost; <c>Missing</c> when there is no such claim.</summary>
    public string Phase { get; init; } = "";

    /// <summary>The only node that can mount the volume; empty when several can.</summary>
    public string Node { get; init; } = "";

    /// <summary>Path on the node, or <c>server:/export</c>; empty for other volumes.</summary>
    public string Path { get; init; } = "";

    /// <summary>Size in bytes; null while the claim is not bound.</summary>
    public long? Capacity { get; init; }

    /// <summary>Name of the claim.</summary>
    public override string ToString() => Claim;
}
