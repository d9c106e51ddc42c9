using static HomelabOps.Core.Drills.DrillAction;

namespace HomelabOps.Core.Drills;

/// <summary>All that can be rehearsed: every fault of the embedded homelab, and what takes more than one of them.</summary>
internal static class DrillCatalog
{
    private const string Mounts = "NFS Media Library";
    private const string Syncs = "VolSync Replication Not Syncing";
    private const string Flux = "Flux Not Reconciling";
    private const string Claims = "PVC Not Binding";
    private const string Pods = "Application Pod Not Starting";
    private const string Health = "Cluster Health";
    private const string Deletion = "Recovering from Accidental Deletion";
    private const string Recovery = "Full Cluster Recovery from Git";
    private const string MetalLB = "MetalLB Controller Not Starting";
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    // What runs several times an hour, and what has failed and is tried again.
    private static readonly TimeSpan Longer = TimeSpan.FromMinutes(10);

    public static IReadOnlyList<DrillScenario> All { get; } =
    [
        new("NodeDown", Health, HomelabArea.Cluster, "NodeNotReady", "Node", ByHand) { Jumps = 3 },
        new("NodeUnreachable", Health, HomelabArea.Cluster, "NodeNotReady", "Node", ByHand) { Jumps = 3 },
        new("KubeletStopped", Health, HomelabArea.Cluster, "NodeNotReady", "Node", ByHand) { Jumps = 3 },
        new("NodeWalledOff", Health, HomelabArea.Network, "NodeCutOff", "Node", ByHand),
        new("DiskPressure", Health, HomelabArea.Cluster, "NodeDiskPressure", "Node", ByHand),
        new("MemoryPressure", Health, HomelabArea.Cluster, "NodeMemoryPressure", "Node", ByHand),
        new("NfsMissing", Mounts, HomelabArea.Mount, "MountMissing", "Node", ByHand),
        new("NfsStale", Mounts, HomelabArea.Mount, "MountStale", "Node", ByHand),
        new("NfsHung", Mounts, HomelabArea.Mount, "MountHung", "Node", ByHand),
        new("NfsWrongSource", Mounts, HomelabArea.Mount, "MountWrongSource", "Node", ByHand),
        new("NfsWrongVersion", Mounts, HomelabArea.Mount, "MountWrongVersion", "Node", ByHand),
        new("NfsReadOnly", Mounts, HomelabArea.Mount, "MountReadOnly", "Node", ByHand),
        new("NfsEmpty", Mounts, HomelabArea.Mount, "MountEmpty", "Node", ByHand),
        new("GitAuthentication", Flux, HomelabArea.Flux, "GitOperationFailed", "GitRepository", ByHand, Repair),
        new("GitUnreachable", Flux, HomelabArea.Flux, "GitOperationFailed", "GitRepository", ByHand, Repair),
        new("GitSecretMissing", Flux, HomelabArea.Flux, "AuthenticationFailed", "GitRepository", ByHand, Repair),
        new("BuildError", Flux, HomelabArea.Flux, "BuildFailed", "Kustomization", Revert) { Root = "apps" },
        new("ImmutableField", Flux, HomelabArea.Flux, "ReconciliationFailed", "Kustomization", Revert) { Root = "apps" },
        new("ManifestDeleted", Deletion, HomelabArea.Network, "ServiceWithoutWorkload", "Service", RestoreManifest),
        new("ManifestUnlisted", Deletion, HomelabArea.Network, "ServiceWithoutWorkload", "Service", RestoreManifest),
        new("DependencyNotReady", Flux, HomelabArea.Flux, "DependencyNotReady", "Kustomization", Revert),
        new("PathMissing", Flux, HomelabArea.Flux, "ArtifactFailed", "Kustomization", Revert),
        new("SuspendedForgotten", Flux, HomelabArea.Flux, "SuspendedForgotten", "Kustomization", Repair),
        new("HelmReleaseFailed", Flux, HomelabArea.Flux, "UpgradeFailed", "HelmRelease", ByHand, Repair),
        new("CrashLoop", Pods, HomelabArea.Pod, "CrashLoop", "Deployment", Revert),
        new("OutOfMemory", Pods, HomelabArea.Pod, "OutOfMemory", "Deployment", SetMemory),
        new("ImageNotFound", Pods, HomelabArea.Pod, "ImageNotFound", "Deployment", SetImage),
        new("ImageUnauthorized", Pods, HomelabArea.Pod, "ImageUnauthorized", "Deployment", Revert),
        new("ImageRegistryUnreachable", Pods, HomelabArea.Pod, "ImageRegistryUnreachable", "Deployment", Revert),
        new("ImageRateLimited", Pods, HomelabArea.Pod, "ImageRateLimited", "Deployment", Revert),
        new("ConfigMapMissing", Pods, HomelabArea.Pod, "ConfigMapMissing", "Deployment", Revert),
        new("SecretMissing", Pods, HomelabArea.Pod, "SecretMissing", "Deployment", Revert),
        new("ConfigMapKeyMissing", Pods, HomelabArea.Pod, "ConfigMapKeyMissing", "Deployment", Revert),
        new("SecretKeyMissing", Pods, HomelabArea.Pod, "SecretKeyMissing", "Deployment", Revert),
        new("ProbeFailure", Pods, HomelabArea.Pod, "LivenessProbeFailed", "Deployment", Revert),
        new("HealthCheckFailed", Pods, HomelabArea.Pod, "NotReady", "Deployment", Revert),
        new("PodUnschedulable", Pods, HomelabArea.Pod, "NoNodeMatches", "Deployment", Revert),
        new("PvcNoVolume", Claims, HomelabArea.Volume, "ClaimNoMatch", "PersistentVolumeClaim", Revert),
        new("PvcVolumeMissing", Claims, HomelabArea.Volume, "ClaimVolumeMissing", "PersistentVolumeClaim", Revert),
        new("PvcTooSmall", Claims, HomelabArea.Volume, "ClaimVolumeMismatch", "PersistentVolumeClaim", Revert),
        new("PvcClass", Claims, HomelabArea.Volume, "ClaimVolumeMismatch", "PersistentVolumeClaim", Revert),
        new("PvcClassMissing", Claims, HomelabArea.Volume, "ClaimClassMissing", "PersistentVolumeClaim", Revert),
        new("PvcAccessMode", Claims, HomelabArea.Volume, "ClaimVolumeMismatch", "PersistentVolumeClaim", Revert),
        new("PvcVolumeMode", Claims, HomelabArea.Volume, "ClaimVolumeMismatch", "PersistentVolumeClaim", Revert),
        new("PvcSelector", Claims, HomelabArea.Volume, "ClaimNoMatch", "PersistentVolumeClaim", Revert),
        new("PvcAlreadyBound", Claims, HomelabArea.Volume, "ClaimVolumeTaken", "PersistentVolumeClaim", Revert),
        new("PvcReleased", Claims, HomelabArea.Volume, "ClaimVolumeReleased", "PersistentVolumeClaim", Revert),
        new("PvcNodeAffinity", Claims, HomelabArea.Pod, "VolumeElsewhere", "Deployment", Revert),
        new("SyncStuck", Syncs, HomelabArea.Replication, "SyncStuck", "ReplicationSource", ByHand, Repair) { Step = Longer, Jumps = 3 },
        new("SyncPeerGone", Syncs, HomelabArea.Replication, "SyncDisconnected", "ReplicationSource", ByHand, Repair),
        new("SyncConflicts", Syncs, HomelabArea.Replication, "SyncConflicts", "ReplicationSource", ByHand),
        new("SyncPermissionDenied", Syncs, HomelabArea.Replication, "SyncError", "ReplicationSource", ByHand) { Step = Long, Jumps = 3 },
        new("SyncDiskFull", Syncs, HomelabArea.Replication, "SyncError", "ReplicationSource", ByHand) { Step = Long, Jumps = 3 },
        new("SyncPeerDrift", Syncs, HomelabArea.Replication, "SyncPeerDrift", "ReplicationSource", Repair),
        new("ResticLocked", Syncs, HomelabArea.Replication, "ReplicationFailed", "ReplicationSource", ByHand, Repair) { Ahead = TimeSpan.FromDays(1), Step = Longer, Jumps = 12 },
        new("MoverPermissionDenied", Syncs, HomelabArea.Replication, "ReplicationFailed", "ReplicationSource", Revert, ByHand, Repair) { Step = Longer, Jumps = 3 },
        new("MoverUnreachable", Syncs, HomelabArea.Replication, "ReplicationFailed", "ReplicationSource", ByHand, Repair) { Step = Longer, Jumps = 3 },
        new("MoverHangs", Syncs, HomelabArea.Replication, "ReplicationLate", "ReplicationSource", ByHand) { Step = Longer, Jumps = 3 },
        new("MetalLBSecretMissing", MetalLB, HomelabArea.MetalLB, "WebhookSecretMissing", "Deployment", Repair) { Root = "controller" },
        new("MetalLBSecretRenamed", MetalLB, HomelabArea.MetalLB, "WebhookSecretNameMismatch", "Deployment", Revert) { Root = "controller" },
        new("MetalLBCertificateExpired", MetalLB, HomelabArea.MetalLB, "WebhookExpired", "Deployment", Revert) { Root = "controller" },
        new("ManualFailover", "Manual Failover (Emergency)", HomelabArea.Cluster, "NodeNotReady", "Node", Failover, ByHand, Failback) { Fault = "NodeDown", Jumps = 3 },
        new("FullRecovery", Recovery, HomelabArea.Flux, "FluxAbsent", "Namespace", RestoreCluster) { Fault = "ClusterLost" },
    ];

    /// <summary>Those that patterns name, in the order of the table.</summary>
    /// <exception cref="HomelabException">DrillUnknown: a name is of none.</exception>
    public static IReadOnlyList<DrillScenario> Find(IReadOnlyList<string> patterns)
    {
        if (patterns.FirstOrDefault(pattern => !All.Any(scenario => ResourcePattern.Matches(pattern, scenario.Name))) is { } unknown)
        {
            throw Errors.DrillUnknown(unknown, [.. All.Select(scenario => scenario.Name)]);
        }

        return [.. All.Where(scenario => patterns.Any(pattern => ResourcePattern.Matches(pattern, scenario.Name)))];
    }
}
