namespace HomelabOps.Core.Recovery;

/// <summary>Which kinds are looked at. Two groups may have the same kind, so each is known by both.</summary>
internal static class RecoveryKinds
{
    public static (string Group, string Kind) Node { get; } = ("", "Node");

    public static (string Group, string Kind) Secret { get; } = ("", "Secret");

    public static (string Group, string Kind) PersistentVolume { get; } = ("", "PersistentVolume");

    public static (string Group, string Kind) PersistentVolumeClaim { get; } = ("", "PersistentVolumeClaim");

    public static (string Group, string Kind) Service { get; } = ("", "Service");

    public static (string Group, string Kind) StatefulSet { get; } = ("apps", "StatefulSet");

    public static (string Group, string Kind) ReplicationSource { get; } = ("volsync.backube", "ReplicationSource");

    public static (string Group, string Kind) Kustomization { get; } = ("kustomize.toolkit.fluxcd.io", "Kustomization");

    public static (string Group, string Kind) HelmRelease { get; } = ("helm.toolkit.fluxcd.io", "HelmRelease");

    /// <summary>A chart that k3s installs.</summary>
    public static (string Group, string Kind) HelmChart { get; } = ("helm.cattle.io", "HelmChart");

    // Kubernetes' own. Others end in .k8s.io as well, such as those of the Gateway API and of snapshots.
    private static readonly HashSet<string> BuiltInGroups = new(StringComparer.Ordinal)
    {
        "", "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "apps", "authentication.k8s.io", "authorization.k8s.io", "autoscaling", "batch",
        "certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io", "flowcontrol.apiserver.k8s.io", "internal.apiserver.k8s.io", "networking.k8s.io",
        "node.k8s.io", "policy", "rbac.authorization.k8s.io", "resource.k8s.io", "scheduling.k8s.io", "settings.k8s.io", "storage.k8s.io", "storagemigration.k8s.io",
    };

    // What is measured, what k3s writes down about itself, and a second name of what other groups have.
    private static readonly HashSet<string> NobodysGroups = new(StringComparer.Ordinal) { "extensions", "metrics.k8s.io", "custom.metrics.k8s.io", "external.metrics.k8s.io", "k3s.cattle.io" };

    // What people make of the kinds that every cluster has; all else there comes of these.
    private static readonly HashSet<string> BuiltIn = new(StringComparer.Ordinal)
    {
        "Namespace", "Node", "ServiceAccount", "ConfigMap", "Secret", "Service", "PersistentVolume", "PersistentVolumeClaim", "ResourceQuota", "LimitRange", "Deployment", "StatefulSet", "DaemonSet", "CronJob",
        "Ingress", "IngressClass", "StorageClass", "NetworkPolicy", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", "HorizontalPodAutoscaler", "PodDisruptionBudget", "PriorityClass",
        "RuntimeClass", "CustomResourceDefinition", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration",
    };

    // Of these more than the metadata counts.
    private static readonly (string, string)[] Whole = [Node, Service, PersistentVolume, PersistentVolumeClaim, ReplicationSource, Kustomization, HelmRelease, HelmChart];

    /// <summary>Whether people make objects of a kind.</summary>
    public static bool IsMade(string group, string kind) => BuiltInGroups.Contains(group) ? BuiltIn.Contains(kind) : !NobodysGroups.Contains(group);

    /// <summary>Whether objects of a kind are read with all that is in them.</summary>
    public static bool IsWhole(string group, string kind) => Whole.Contains((group, kind));
}
