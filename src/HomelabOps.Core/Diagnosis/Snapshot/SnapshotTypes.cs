using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Diagnosis.Snapshot;

/// <summary>Kinds that only the diagnosis reads.</summary>
internal static class SnapshotTypes
{
    public static ResourceType Lease { get; } = new("coordination.k8s.io", "v1", "leases", "Lease", true);

    public static ResourceType ConfigMap { get; } = new("", "v1", "configmaps", "ConfigMap", true);

    public static ResourceType Secret { get; } = new("", "v1", "secrets", "Secret", true);

    public static ResourceType ServiceAccount { get; } = new("", "v1", "serviceaccounts", "ServiceAccount", true);

    public static ResourceType Service { get; } = new("", "v1", "services", "Service", true);

    public static ResourceType Endpoints { get; } = new("", "v1", "endpoints", "Endpoints", true);

    public static ResourceType Ingress { get; } = new("networking.k8s.io", "v1", "ingresses", "Ingress", true);

    public static ResourceType IngressClass { get; } = new("networking.k8s.io", "v1", "ingressclasses", "IngressClass", false);
}
