namespace HomelabOps;

/// <summary>An application: what makes its pods, with all that belongs to it. Its kind is Deployment, StatefulSet, DaemonSet or CronJob.</summary>
public sealed record HomelabApp : HomelabRecord
{
    /// <summary>Name of the application, which is that of its workload.</summary>
    public string App => Name;

    /// <summary>Image of the first container.</summary>
    public string Image { get; init; } = "";

    /// <summary>Images of all containers, in the order of the template.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>It is wanted, and all pods that are wanted are ready. Of a CronJob: it is not suspended.</summary>
    public bool Ready { get; init; }

    /// <summary>Ready or wanted nowhere, with the newest template running, and no pod in trouble.</summary>
    public bool Healthy { get; init; }

    /// <summary>Reason why it is not well, or why it does not run; empty when it is well.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Explanation by controller, scheduler, kubelet or container; empty when it is well.</summary>
    public string Message { get; init; } = "";

    /// <summary>Pods that are wanted; 0 for a CronJob.</summary>
    public int Replicas { get; init; }

    /// <summary>Pods that are ready.</summary>
    public int ReadyReplicas { get; init; }

    /// <summary>Pods of the present template.</summary>
    public int UpdatedReplicas { get; init; }

    /// <summary>Pods that have been ready for long enough.</summary>
    public int AvailableReplicas { get; init; }

    /// <summary>Node of the first ready pod, else of the first that has one; empty when nothing runs.</summary>
    public string Node { get; init; } = "";

    /// <summary>Nodes of all pods.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>Node that its volume is bound to; empty when it has none, or one that can be mounted on several nodes.</summary>
    public string HomeNode { get; init; } = "";

    /// <summary>Side of the node that it runs on, else of its home; null for another node.</summary>
    public HomelabSide? Side { get; init; }

    /// <summary>Its pods.</summary>
    public IReadOnlyList<HomelabPod> Pods { get; init; } = [];

    /// <summary>Services that lead to its pods.</summary>
    public IReadOnlyList<HomelabAppService> Services { get; init; } = [];

    /// <summary>Hosts by which it is reached from outside.</summary>
    public IReadOnlyList<HomelabAppIngress> Ingresses { get; init; } = [];

    /// <summary>Claims that its pods mount.</summary>
    public IReadOnlyList<HomelabAppVolume> Volumes { get; init; } = [];

    /// <summary>VolSync's ReplicationSources and ReplicationDestinations of its claims, both sides.</summary>
    public IReadOnlyList<ResourceReference> Replications { get; init; } = [];

    /// <summary>HelmRelease that it is part of; null for none.</summary>
    public ResourceReference? HelmRelease { get; init; }

    /// <summary>Flux Kustomization that applies it, or its HelmRelease; null for none.</summary>
    public ResourceReference? Kustomization { get; init; }

    /// <summary>Its manifest, or its HelmRelease's, relative to the repository; null when unknown.</summary>
    public string? File { get; init; }

    /// <summary>Line in the file where the manifest begins; null when unknown.</summary>
    public int? Line { get; init; }

    /// <summary>It was stopped by <c>Stop-HomelabApp</c>.</summary>
    public bool Stopped { get; init; }

    /// <summary>Who stopped it, why and until when; null when it is not stopped.</summary>
    public FluxSuspension? Stop { get; init; }

    /// <summary>Pods that it gets when it is started again; 0 when it is not stopped.</summary>
    public int StoppedReplicas { get; init; }

    /// <summary>All labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Time since it was created.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>All conditions.</summary>
    public IReadOnlyList<ResourceCondition> Conditions { get; init; } = [];
}
