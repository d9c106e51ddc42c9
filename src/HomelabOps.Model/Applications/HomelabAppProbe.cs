namespace HomelabOps;

/// <summary>What an application answers to a request.</summary>
public sealed record HomelabAppProbe : HomelabRecord
{
    /// <summary>Name of the application.</summary>
    public string App => Name;

    /// <summary>What was asked for, with the pod as the host.</summary>
    public string Url { get; init; } = "";

    /// <summary>Status of the answer; null when there was none.</summary>
    public int? StatusCode { get; init; }

    /// <summary>Time until the head of the answer; null when there was none.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>The status is from 200 to 399, as for the kubelet's own probes.</summary>
    public bool Healthy { get; init; }

    /// <summary>What was answered, or why nothing was.</summary>
    public string Message { get; init; } = "";
}
