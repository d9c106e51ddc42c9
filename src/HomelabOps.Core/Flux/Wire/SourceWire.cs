namespace HomelabOps.Core.Flux.Wire;

/// <summary>All kinds of sources: they share their status, and their fields do not contradict each other.</summary>
internal sealed class SourceWire : FluxWire
{
    public SourceSpecWire? Spec { get; set; }

    public SourceStatusWire? Status { get; set; }

    public override FluxSpecWire? CommonSpec => Spec;

    public override FluxStatusWire? CommonStatus => Status;
}

internal sealed class SourceSpecWire : FluxSpecWire
{
    public string? Url { get; set; }

    public string? Type { get; set; }

    public SourceVersionWire? Ref { get; set; }

    public string? Endpoint { get; set; }

    public string? BucketName { get; set; }

    public string? Chart { get; set; }

    public string? Version { get; set; }

    public FluxReferenceWire? SourceRef { get; set; }
}

internal sealed class SourceVersionWire
{
    public string? Branch { get; set; }

    public string? Tag { get; set; }

    public string? Semver { get; set; }

    public string? Name { get; set; }

    public string? Commit { get; set; }

    public string? Digest { get; set; }
}

internal sealed class SourceStatusWire : FluxStatusWire
{
    public ArtifactWire? Artifact { get; set; }

    public string? ObservedChartName { get; set; }
}

internal sealed class ArtifactWire
{
    public string? Revision { get; set; }

    public string? Digest { get; set; }

    public long? Size { get; set; }

    public DateTimeOffset? LastUpdateTime { get; set; }
}
