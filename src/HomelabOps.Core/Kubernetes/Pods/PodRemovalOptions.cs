namespace HomelabOps.Core.Kubernetes.Pods;

/// <summary>How pods are deleted.</summary>
internal sealed record PodRemovalOptions
{
    /// <summary>The API server forgets them at once, whatever their node does.</summary>
    public bool Force { get; init; }

    /// <summary>Does not wait until they have gone.</summary>
    public bool NoWait { get; init; }

    /// <summary>How long they may take to end.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);
}
