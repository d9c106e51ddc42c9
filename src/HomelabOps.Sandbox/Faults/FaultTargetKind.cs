namespace HomelabOps.Sandbox.Faults;

/// <summary>What a fault is switched on for, and how that is written.</summary>
public enum FaultTargetKind
{
    /// <summary>The homelab; there is nothing to choose.</summary>
    Homelab,

    /// <summary>A node, such as <c>k3s-w1</c>.</summary>
    Node,

    /// <summary>A mount of a node, such as <c>k3s-w1:/data/media</c>.</summary>
    Mount,

    /// <summary>An application, such as <c>sonarr</c>.</summary>
    App,

    /// <summary>A Kustomization of Flux, such as <c>flux-system/apps</c>.</summary>
    Kustomization,

    /// <summary>A GitRepository, such as <c>flux-system/flux-system</c>.</summary>
    GitRepository,

    /// <summary>A HelmRelease, such as <c>media/tautulli</c>.</summary>
    HelmRelease,

    /// <summary>A ReplicationSource, such as <c>media/sonarr-backup</c>.</summary>
    ReplicationSource,

    /// <summary>A resource of the API, such as <c>pods</c> or <c>deployments.apps</c>; all requests where none is named.</summary>
    Resource,
}
