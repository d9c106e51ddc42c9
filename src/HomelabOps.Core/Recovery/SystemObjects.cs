using System.Text.RegularExpressions;

namespace HomelabOps.Core.Recovery;

/// <summary>What Kubernetes and k3s make by themselves in every cluster. Other things in their namespaces are people's, such as the ConfigMap coredns-custom.</summary>
internal static partial class SystemObjects
{
    private const string System = "kube-system";
    private const string ObjectSet = "objectset.rio.cattle.io/";

    private static readonly string[] Namespaces = [System, "kube-public", "kube-node-lease", "default"];
    private static readonly string[] Roles = ["admin", "cluster-admin", "edit", "view"];

    // What k3s carries itself; the manifests that people put beside them on a server are on its disk only.
    private static readonly string[] Addons =
    [
        "ccm", "coredns", "local-storage", "aggregated-metrics-reader", "auth-delegator", "auth-reader", "metrics-apiservice", "metrics-server-deployment", "metrics-server-service",
        "resource-reader", "rolebindings", "runtimes", "traefik",
    ];

    private static readonly string[] ConfigMaps =
    [
        "cluster-dns", "cluster-info", "extension-apiserver-authentication", "kube-apiserver-legacy-service-account-token-tracking", "kube-proxy", "kubeadm-config",
    ];

    // The controller manager gives each of its controllers an account.
    private static readonly string[] Accounts =
    [
        "attachdetach-controller", "bootstrap-signer", "certificate-controller", "cloud-controller-manager", "clusterrole-aggregation-controller", "cronjob-controller", "daemon-set-controller",
        "deployment-controller", "disruption-controller", "endpoint-controller", "endpointslice-controller", "endpointslicemirroring-controller", "ephemeral-volume-controller",
        "expand-controller", "generic-garbage-collector", "horizontal-pod-autoscaler", "job-controller", "kube-proxy", "legacy-service-account-token-cleaner", "namespace-controller",
        "node-controller", "persistent-volume-binder", "pod-garbage-collector", "pv-protection-controller", "pvc-protection-controller", "replicaset-controller", "replication-controller",
        "resource-claim-controller", "resourcequota-controller", "root-ca-cert-publisher", "route-controller", "selinux-warning-controller", "service-account-controller",
        "service-cidrs-controller", "service-controller", "statefulset-controller", "storage-version-migrator-controller", "token-cleaner", "ttl-after-finished-controller",
        "ttl-controller", "validatingadmissionpolicy-status-controller", "volumeattributesclass-protection-controller",
    ];

    /// <summary>Whether an object is one of them.</summary>
    public static bool Has(LiveItem item) => IsEverywhere(item) || IsOfK3s(item) || (item.Key.Namespace is System or "kube-public" && IsKnown(item)) || (item.Key.Namespace.Length == 0 && IsOfCluster(item));

    private static bool IsEverywhere(LiveItem item) => item.Key is { Kind: "ServiceAccount", Name: "default" } or { Kind: "ConfigMap", Name: "kube-root-ca.crt" } or { Kind: "Service", Namespace: "default", Name: "kubernetes" }
        || item.Key.Name.StartsWith("system:", StringComparison.Ordinal)
        || item.Label("kubernetes.io/bootstrapping") is not null || item.Label("kubernetes.io/cluster-service") is not null || IsToken(item);

    // A token that somebody asked for has the name that he gave it.
    private static bool IsToken(LiveItem item) => item.Key.IsSecret && item.Annotation("kubernetes.io/service-account.name") is { } account
        && item.Key.Name.StartsWith($"{account}-token-", StringComparison.Ordinal) && TokenName().IsMatch(item.Key.Name);

    private static bool IsOfK3s(LiveItem item) => item.Label("svccontroller.k3s.cattle.io/svcname") is not null
        || (item.Annotation($"{ObjectSet}id") is not null
            && (item.Annotation($"{ObjectSet}owner-gvk")?.EndsWith("Kind=Addon", StringComparison.Ordinal) != true || Addons.Contains(item.Annotation($"{ObjectSet}owner-name"), StringComparer.Ordinal)));

    private static bool IsKnown(LiveItem item) => item.Key switch
    {
        { Name: "k3s" } => true,
        { Name: var name } when name.StartsWith("k3s-", StringComparison.Ordinal) || name.StartsWith("kubeadm:", StringComparison.Ordinal) => true,
        { Kind: "Secret", Name: var name } => name.EndsWith(".node-password.k3s", StringComparison.Ordinal) || name.StartsWith("bootstrap-token-", StringComparison.Ordinal),
        { Kind: "ConfigMap", Name: var name } => ConfigMaps.Contains(name, StringComparer.Ordinal) || name.StartsWith("kubelet-config", StringComparison.Ordinal),
        { Kind: "ServiceAccount", Name: var name } => Accounts.Contains(name, StringComparer.Ordinal),
        { Name: "kube-proxy" } => true,
        _ => false,
    };

    private static bool IsOfCluster(LiveItem item) => item.Key switch
    {
        { Kind: "Namespace", Name: var name } => Namespaces.Contains(name, StringComparer.Ordinal),
        { Kind: "ClusterRole" or "ClusterRoleBinding", Name: var name } => Roles.Contains(name, StringComparer.Ordinal) || name.StartsWith("k3s-", StringComparison.Ordinal) || name.StartsWith("kubeadm:", StringComparison.Ordinal),
        { Kind: "StorageClass", Name: "local-path" } or { Kind: "PriorityClass", Name: "system-node-critical" or "system-cluster-critical" } => true,
        _ => false,
    };

    [GeneratedRegex("-token-[a-z0-9]{5}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TokenName();
}
