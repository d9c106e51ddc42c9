namespace HomelabOps;

/// <summary>How far an application is with what its manifest wants.</summary>
public sealed record RolloutStatus : HomelabRecord
{
    /// <summary>Name of the application, which is that of its workload.</summary>
    public string App => Name;

    /// <summary>Commit that was waited for; null when it was the present state of the cluster.</summary>
    public string? Commit { get; init; }

    /// <summary>Revision that Flux has applied it from; null where that was not looked at.</summary>
    public string? Revision { get; init; }

    /// <summary>Generation of the workload.</summary>
    public long Generation { get; init; }

    /// <summary>Pods that are wanted.</summary>
    public int Replicas { get; init; }

    /// <summary>Pods of the newest template.</summary>
    public int Updated { get; init; }

    /// <summary>Pods that have been ready for long enough.</summary>
    public int Available { get; init; }

    /// <summary>All pods are of the newest template and available, and none is left of another.</summary>
    public bool Complete { get; init; }

    /// <summary>The same as <see cref="Complete"/>.</summary>
    public bool Healthy => Complete;

    /// <summary>One word for what is missing, or why it fails; <c>Complete</c> when nothing is missing.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Explanation by controller, scheduler, kubelet or container.</summary>
    public string Message { get; init; } = "";

    /// <summary>How long it was waited for.</summary>
    public TimeSpan Duration { get; init; }
}
