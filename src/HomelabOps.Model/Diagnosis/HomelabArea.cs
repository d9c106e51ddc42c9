namespace HomelabOps;

/// <summary>What part of the homelab a finding is about.</summary>
public enum HomelabArea
{
    /// <summary>The API server and the nodes.</summary>
    Cluster,

    /// <summary>Objects and controllers of Flux.</summary>
    Flux,

    /// <summary>Pods and what runs in them.</summary>
    Pod,

    /// <summary>Volumes and claims.</summary>
    Volume,

    /// <summary>Replication of volumes.</summary>
    Replication,

    /// <summary>Mounts of the nodes.</summary>
    Mount,

    /// <summary>MetalLB and its webhook.</summary>
    MetalLB,

    /// <summary>Ingresses and what they lead to.</summary>
    Ingress,

    /// <summary>Names, addresses and reachability.</summary>
    Network,

    /// <summary>Certificates and when they end.</summary>
    Certificate,

    /// <summary>Secrets and rights.</summary>
    Security,

    /// <summary>The manifests in Git.</summary>
    Repository,
}
