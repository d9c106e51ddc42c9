namespace HomelabOps;

/// <summary>A claim with the volume that it is bound to, a claim without one, or a volume without a claim.</summary>
public sealed record HomelabVolume : HomelabRecord
{
    /// <summary>Application that the claim belongs to; empty when nothing says.</summary>
    public string App { get; init; } = "";

    /// <summary>Name of the claim; empty for a volume without one.</summary>
    public string Claim { get; init; } = "";

    /// <summary>Name of the volume; empty for a claim without one.</summary>
    public string Volume { get; init; } = "";

    /// <summary>Of a claim Bound, Pending or Lost; of a volume without one Available, Released or Failed.</summary>
    public string Phase { get; init; } = "";

    /// <summary>The claim is bound and its volume is there, or the volume is to be had.</summary>
    public bool Healthy { get; init; }

    /// <summary>The only node that can mount the volume; empty when several can, or none.</summary>
    public string Node { get; init; } = "";

    /// <summary>Storage class; empty for none.</summary>
    public string Class { get; init; } = "";

    /// <summary>Size of the volume in bytes; null without one.</summary>
    public long? Capacity { get; init; }

    /// <summary>What the claim asks for, in bytes; null without one.</summary>
    public long? Request { get; init; }

    /// <summary>Bytes in use as the kubelet measures them, of the volume or of the filesystem that it shares; null where it does not, as for folders of the node.</summary>
    public long? Used { get; init; }

    /// <summary>Size in bytes of the filesystem that the volume shares with others, of which <see cref="Used"/> is then; null where the volume has one of its own.</summary>
    public long? FileSystemSize { get; init; }

    /// <summary>How full it is, in percent: the volume, or the filesystem that it shares; null where that is not known.</summary>
    public double? UsedPercent => Used is { } used && (FileSystemSize ?? Capacity) is > 0 and { } size ? Math.Round(100.0 * used / size, 1) : null;

    /// <summary>Access modes of the volume, else of the claim.</summary>
    public IReadOnlyList<string> AccessModes { get; init; } = [];

    /// <summary>What becomes of the volume when its claim goes: Retain, Delete or Recycle; empty without a volume.</summary>
    public string ReclaimPolicy { get; init; } = "";

    /// <summary>Where the data is: a path on the node, or <c>server:/export</c>; empty for other volumes.</summary>
    public string Path { get; init; } = "";

    /// <summary>The claim that a volume without one is kept for, or that it belonged to; null for none.</summary>
    public ResourceReference? KeptFor { get; init; }

    /// <summary>Pods that mount the claim and have not ended.</summary>
    public IReadOnlyList<ResourceReference> Pods { get; init; } = [];

    /// <summary>Labels of the claim, else of the volume.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Time since the claim, else the volume, was created.</summary>
    public TimeSpan? Age { get; init; }
}
