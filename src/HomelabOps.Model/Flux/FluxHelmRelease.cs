namespace HomelabOps;

/// <summary>A HelmRelease of Flux.</summary>
public sealed record FluxHelmRelease : FluxResource
{
    /// <summary>Name of the chart, or of the chart's source where the release refers to one.</summary>
    public string? Chart { get; init; }

    /// <summary>Version of the chart that is installed; while none is, the version or range that is asked for.</summary>
    public string? Version { get; init; }

    /// <summary>Name of the release in Helm.</summary>
    public string ReleaseName { get; init; } = "";

    /// <summary>Namespace that the release is installed in.</summary>
    public string TargetNamespace { get; init; } = "";
}
