namespace HomelabOps;

/// <summary>Whether a claim is bound, and if it is not, or not to any use, why.</summary>
public sealed record PvcBindingStatus : HomelabRecord
{
    /// <summary>Bound, Pending or Lost.</summary>
    public string Phase { get; init; } = "";

    /// <summary>The claim has its volume.</summary>
    public bool Bound { get; init; }

    /// <summary>It is bound, and its pods can mount the volume where they may run.</summary>
    public bool Healthy { get; init; }

    /// <summary>Why it is not bound or cannot be used, in one word; empty when it is well.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The reason in a sentence; empty when it is well.</summary>
    public string Message { get; init; } = "";

    /// <summary>The volume that it is bound to or names, else the one that the binder takes next; empty for none.</summary>
    public string Volume { get; init; } = "";

    /// <summary>Storage class that it asks for; empty for none.</summary>
    public string Class { get; init; } = "";

    /// <summary>What it asks for, in bytes.</summary>
    public long Request { get; init; }

    /// <summary>Pods that wait for it or mount it.</summary>
    public IReadOnlyList<ResourceReference> Pods { get; init; } = [];

    /// <summary>Of a claim that is not bound: every volume with the first rule that it breaks, the closest first.</summary>
    public IReadOnlyList<PvcCandidate> Candidates { get; init; } = [];

    /// <summary>What to do; empty when it is well.</summary>
    public string Remedy { get; init; } = "";
}
