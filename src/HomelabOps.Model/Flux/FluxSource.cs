namespace HomelabOps;

/// <summary>A source of Flux: GitRepository, OCIRepository, Bucket, HelmRepository, HelmChart or ExternalArtifact.</summary>
public sealed record FluxSource : FluxResource
{
    /// <summary>Address of the source; for a HelmChart the chart's name.</summary>
    public string? Url { get; init; }

    /// <summary>Branch, tag, commit or version range that is followed.</summary>
    public string? Branch { get; init; }

    /// <summary>The tag, versions, commit or reference at which a GitRepository stays, whatever is pushed to a branch; empty where it follows a branch.</summary>
    public string StaysAt { get; init; } = "";

    /// <summary>The stored artifact; null while there is none.</summary>
    public FluxArtifact? Artifact { get; init; }
}

/// <summary>What a source-controller has stored.</summary>
public sealed record FluxArtifact
{
    /// <summary>Revision of the content, such as <c>main@sha1:…</c>.</summary>
    public string Revision { get; init; } = "";

    /// <summary>Digest of the archive.</summary>
    public string? Digest { get; init; }

    /// <summary>Size of the archive in bytes.</summary>
    public long? Size { get; init; }

    /// <summary>When it was stored, local time.</summary>
    public DateTime? Updated { get; init; }

    /// <summary>The revision.</summary>
    public override string ToString() => Revision;
}
