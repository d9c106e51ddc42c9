using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Sandbox.Controllers.Runtime;

/// <summary>The types that controllers work with, in the versions that their real counterparts use.</summary>
internal static class Types
{
    public static ResourceType ConfigMap { get; } = new("", "v1", "configmaps", "ConfigMap", true);

    public static ResourceType Endpoints { get; } = new("", "v1", "endpoints", "Endpoints", true);

    public static ResourceType PersistentVolume { get; } = new("", "v1", "persistentvolumes", "PersistentVolume", false);

    public static ResourceType PersistentVolumeClaim { get; } = new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", true);

    public static ResourceType Secret { get; } = new("", "v1", "secrets", "Secret", true);

    public static ResourceType Service { get; } = new("", "v1", "services", "Service", true);

    public static ResourceType ServiceAccount { get; } = new("", "v1", "serviceaccounts", "ServiceAccount", true);

    public static ResourceType ValidatingWebhookConfiguration { get; } = new("admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", false);

    public static ResourceType MutatingWebhookConfiguration { get; } = new("admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", false);

    public static ResourceType ReplicationController { get; } = new("", "v1", "replicationcontrollers", "ReplicationController", true);

    public static ResourceType ControllerRevision { get; } = new("apps", "v1", "controllerrevisions", "ControllerRevision", true);

    public static ResourceType DaemonSet { get; } = new("apps", "v1", "daemonsets", "DaemonSet", true);

    public static ResourceType Deployment { get; } = new("apps", "v1", "deployments", "Deployment", true);

    public static ResourceType ReplicaSet { get; } = new("apps", "v1", "replicasets", "ReplicaSet", true);

    public static ResourceType StatefulSet { get; } = new("apps", "v1", "statefulsets", "StatefulSet", true);

    public static ResourceType CronJob { get; } = new("batch", "v1", "cronjobs", "CronJob", true);

    public static ResourceType Lease { get; } = new("coordination.k8s.io", "v1", "leases", "Lease", true);

    public static ResourceType EndpointSlice { get; } = new("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true);

    public static ResourceType Ingress { get; } = new("networking.k8s.io", "v1", "ingresses", "Ingress", true);

    public static ResourceType IngressClass { get; } = new("networking.k8s.io", "v1", "ingressclasses", "IngressClass", false);

    public static ResourceType PodDisruptionBudget { get; } = new("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true);

    public static ResourceType StorageClass { get; } = new("storage.k8s.io", "v1", "storageclasses", "StorageClass", false);

    public static ResourceType GitRepository { get; } = new("source.toolkit.fluxcd.io", "v1", "gitrepositories", "GitRepository", true);

    public static ResourceType Bucket { get; } = new("source.toolkit.fluxcd.io", "v1", "buckets", "Bucket", true);

    public static ResourceType HelmRepository { get; } = new("source.toolkit.fluxcd.io", "v1", "helmrepositories", "HelmRepository", true);

    public static ResourceType HelmChart { get; } = new("source.toolkit.fluxcd.io", "v1", "helmcharts", "HelmChart", true);

    public static ResourceType OciRepository { get; } = new("source.toolkit.fluxcd.io", "v1", "ocirepositories", "OCIRepository", true);

    public static ResourceType Kustomization { get; } = new("kustomize.toolkit.fluxcd.io", "v1", "kustomizations", "Kustomization", true);

    public static ResourceType HelmRelease { get; } = new("helm.toolkit.fluxcd.io", "v2", "helmreleases", "HelmRelease", true);

    public static ResourceType ReplicationSource { get; } = new("volsync.backube", "v1alpha1", "replicationsources", "ReplicationSource", true);

    public static ResourceType ReplicationDestination { get; } = new("volsync.backube", "v1alpha1", "replicationdestinations", "ReplicationDestination", true);

    public static ResourceType IpAddressPool { get; } = new("metallb.io", "v1beta1", "ipaddresspools", "IPAddressPool", true);

    public static ResourceType L2Advertisement { get; } = new("metallb.io", "v1beta1", "l2advertisements", "L2Advertisement", true);
}
