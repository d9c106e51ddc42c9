namespace HomelabOps.Sandbox.Tests.Diagnosis;

/// <summary>What has to be found for each fault of the embedded homelab.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Reason">Reason of the root.</param>
/// <param name="Kind">Kind of the root.</param>
/// <param name="Step">How far the clock jumps at a time until it shows.</param>
/// <param name="Name">Part of the name of the root; null for that of the fault's target.</param>
internal sealed record ExpectedFinding(string Fault, string Reason, string Kind, TimeSpan Step, string? Name = null)
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    public static IReadOnlyList<ExpectedFinding> All { get; } =
    [
        new("NodeDown", "NodeNotReady", "Node", Usual),
        new("NodeUnreachable", "NodeNotReady", "Node", Usual),
        new("KubeletStopped", "NodeNotReady", "Node", Usual),
        new("NodeWalledOff", "NodeCutOff", "Node", Usual),
        new("DiskPressure", "NodeDiskPressure", "Node", Usual),
        new("MemoryPressure", "NodeMemoryPressure", "Node", Usual),
        new("NfsMissing", "MountMissing", "Node", Usual),
        new("NfsStale", "MountStale", "Node", Usual),
        new("NfsHung", "MountHung", "Node", Usual),
        new("NfsWrongSource", "MountWrongSource", "Node", Usual),
        new("NfsWrongVersion", "MountWrongVersion", "Node", Usual),
        new("NfsReadOnly", "MountReadOnly", "Node", Usual),
        new("NfsEmpty", "MountEmpty", "Node", Usual),
        new("GitAuthentication", "GitOperationFailed", "GitRepository", Usual),
        new("GitUnreachable", "GitOperationFailed", "GitRepository", Usual),
        new("GitSecretMissing", "AuthenticationFailed", "GitRepository", Usual),
        new("BuildError", "BuildFailed", "Kustomization", Usual, "apps"),
        new("ImmutableField", "ReconciliationFailed", "Kustomization", Usual, "apps"),
        new("ManifestDeleted", "ServiceWithoutWorkload", "Service", Usual),
        new("ManifestUnlisted", "ServiceWithoutWorkload", "Service", Usual),
        new("DependencyNotReady", "DependencyNotReady", "Kustomization", Usual),
        new("PathMissing", "ArtifactFailed", "Kustomization", Usual),
        new("SuspendedForgotten", "SuspendedForgotten", "Kustomization", Usual),
        new("HelmReleaseFailed", "UpgradeFailed", "HelmRelease", Usual),
        new("CrashLoop", "CrashLoop", "Deployment", Usual),
        new("OutOfMemory", "OutOfMemory", "Deployment", Usual),
        new("ImageNotFound", "ImageNotFound", "Deployment", Usual),
        new("ImageUnauthorized", "ImageUnauthorized", "Deployment", Usual),
        new("ImageRegistryUnreachable", "ImageRegistryUnreachable", "Deployment", Usual),
        new("ImageRateLimited", "ImageRateLimited", "Deployment", Usual),
        new("ConfigMapMissing", "ConfigMapMissing", "Deployment", Usual),
        new("SecretMissing", "SecretMissing", "Deployment", Usual),
        new("ConfigMapKeyMissing", "ConfigMapKeyMissing", "Deployment", Usual),
        new("SecretKeyMissing", "SecretKeyMissing", "Deployment", Usual),
        new("ProbeFailure", "LivenessProbeFailed", "Deployment", Usual),
        new("HealthCheckFailed", "NotReady", "Deployment", Usual),
        new("PodUnschedulable", "NoNodeMatches", "Deployment", Usual),
        new("PvcNoVolume", "ClaimNoMatch", "PersistentVolumeClaim", Usual),
        new("PvcVolumeMissing", "ClaimVolumeMissing", "PersistentVolumeClaim", Usual),
        new("PvcTooSmall", "ClaimVolumeMismatch", "PersistentVolumeClaim", Usual),
        new("PvcClass", "ClaimVolumeMismatch", "PersistentVolumeClaim", Usual),
        new("PvcClassMissing", "ClaimClassMissing", "PersistentVolumeClaim", Usual),
        new("PvcAccessMode", "ClaimVolumeMismatch", "PersistentVolumeClaim", Usual),
        new("PvcVolumeMode", "ClaimVolumeMismatch", "PersistentVolumeClaim", Usual),
        new("PvcSelector", "ClaimNoMatch", "PersistentVolumeClaim", Usual),
        new("PvcAlreadyBound", "ClaimVolumeTaken", "PersistentVolumeClaim", Usual),
        new("PvcReleased", "ClaimVolumeReleased", "PersistentVolumeClaim", Usual),
        new("PvcNodeAffinity", "VolumeElsewhere", "Deployment", Usual),
        new("SyncStuck", "SyncStuck", "ReplicationSource", Long),
        new("SyncPeerGone", "SyncDisconnected", "ReplicationSource", Usual),
        new("SyncConflicts", "SyncConflicts", "ReplicationSource", Usual),
        new("SyncPermissionDenied", "SyncError", "ReplicationSource", Long),
        new("SyncDiskFull", "SyncError", "ReplicationSource", Long),
        new("SyncPeerDrift", "SyncPeerDrift", "ReplicationSource", Usual),
        new("ResticLocked", "ReplicationFailed", "ReplicationSource", TimeSpan.FromMinutes(30)),
        new("MoverPermissionDenied", "ReplicationFailed", "ReplicationSource", Long),
        new("MoverUnreachable", "ReplicationFailed", "ReplicationSource", Long),
        new("MoverHangs", "ReplicationLate", "ReplicationSource", Long),
        new("MetalLBSecretMissing", "WebhookSecretMissing", "Deployment", Usual, "controller"),
        new("MetalLBSecretRenamed", "WebhookSecretNameMismatch", "Deployment", Usual, "controller"),
        new("MetalLBCertificateExpired", "WebhookExpired", "Deployment", Usual, "controller"),
    ];

    /// <summary>Whether a finding is the one.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="target">What the fault is on for.</param>
    public bool Is(HomelabFinding finding, string target) =>
        finding.Reason == Reason && finding.Kind == Kind && finding.Name.Contains(Name ?? NameOf(target), StringComparison.Ordinal);

    // A mount is named by its node, a claim by the application that it is made for.
    private static string NameOf(string target) => target.Split(':')[0].Split('/')[^1];
}
