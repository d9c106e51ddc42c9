namespace HomelabOps;

/// <summary>A pod.</summary>
public sealed record HomelabPod : HomelabRecord
{
    /// <summary>What tells this very pod from another that has its name later.</summary>
    public string Uid { get; init; } = "";

    /// <summary>The pod's Ready condition is True.</summary>
    public bool Ready { get; init; }

    /// <summary>Ready, or completed. Running but not Ready is not healthy.</summary>
    public bool Healthy { get; init; }

    /// <summary>Containers that are ready.</summary>
    public int ReadyContainers { get; init; }

    /// <summary>Containers of the pod (with sidecars, without other init containers).</summary>
    public int Containers { get; init; }

    /// <summary>What kubectl shows under STATUS, such as <c>Running</c> or <c>CrashLoopBackOff</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>Reason why the pod is not well; empty when it is.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Explanation by scheduler, kubelet or container; empty when the pod is well.</summary>
    public string Message { get; init; } = "";

    /// <summary>Restarts of all containers that kubectl counts.</summary>
    public int Restarts { get; init; }

    /// <summary>When a container last restarted, local time.</summary>
    public DateTime? LastRestart { get; init; }

    /// <summary>Node that the pod is bound to; empty while it is not.</summary>
    public string Node { get; init; } = "";

    /// <summary>The pod's address; empty while it has none.</summary>
    public string IP { get; init; } = "";

    /// <summary>Controller at the top of the owner chain; null for a bare pod.</summary>
    public ResourceReference? Owner { get; init; }

    /// <summary>Application that the pod belongs to.</summary>
    public string App { get; init; } = "";

    /// <summary>All labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Time since the pod was created.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>All conditions.</summary>
    public IReadOnlyList<ResourceCondition> Conditions { get; init; } = [];
}
