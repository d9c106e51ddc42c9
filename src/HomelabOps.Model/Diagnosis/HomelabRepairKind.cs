namespace HomelabOps;

/// <summary>All that Repair-Homelab may do. What a finding asks for is one of these, never a command from somewhere.</summary>
public enum HomelabRepairKind
{
    /// <summary>Lets a node take pods again.</summary>
    UncordonNode,

    /// <summary>Deletes pods of a workload that have failed, or were evicted, and that it has replaced.</summary>
    DeleteFailedPods,

    /// <summary>Starts an application that was stopped.</summary>
    StartApp,

    /// <summary>Resumes an object of Flux.</summary>
    ResumeFlux,

    /// <summary>Lets Flux look at an object at once; a HelmRelease that gave up begins anew.</summary>
    ReconcileFlux,

    /// <summary>Restarts a Syncthing.</summary>
    RestartSyncthing,

    /// <summary>Writes the present ID and address of a Syncthing's partner into Git, and lets Flux apply it.</summary>
    CorrectPeer,

    /// <summary>Resumes a replication.</summary>
    ResumeReplication,

    /// <summary>Starts a run of a replication at once.</summary>
    StartReplication,

    /// <summary>Makes the Secret of MetalLB's webhook as its controller wants it, and restarts the controller.</summary>
    RenewWebhookCert,

    /// <summary>Switches MetalLB's webhook off in Git, which a homelab without BGP can do without.</summary>
    DisableWebhook,

    /// <summary>Mounts an export of a node anew, on the machine where it is made.</summary>
    RemountNfs,
}
