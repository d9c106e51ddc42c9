using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Volumes;

/// <summary>The types that storage of a cluster is made of.</summary>
internal static class VolumeTypes
{
    public static ResourceType Volume { get; } = new("", "v1", "persistentvolumes", "PersistentVolume", false);

    public static ResourceType Claim { get; } = new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", true);

    public static ResourceType Class { get; } = new("storage.k8s.io", "v1", "storageclasses", "StorageClass", false);
}
