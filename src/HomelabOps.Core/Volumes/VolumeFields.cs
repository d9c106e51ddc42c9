using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Volumes.Wire;

namespace HomelabOps.Core.Volumes;

/// <summary>Fields of claims and volumes as the binder reads them.</summary>
internal static class VolumeFields
{
    // Older than the field, and still stronger.
    private const string ClassAnnotation = "volume.beta.kubernetes.io/storage-class";
    private const string Storage = "storage";

    /// <summary>The class of a claim; empty for none.</summary>
    public static string ClassOf(ClaimWire claim) => claim.Metadata.Annotations?.GetValueOrDefault(ClassAnnotation) ?? claim.Spec?.StorageClassName ?? "";

    /// <summary>Whether a claim leaves the class out, which is not the same as asking for none.</summary>
    public static bool IsClassUnset(ClaimWire claim) => claim.Metadata.Annotations?.ContainsKey(ClassAnnotation) != true && claim.Spec?.StorageClassName is null;

    /// <summary>The class of a volume; empty for none.</summary>
    public static string ClassOf(VolumeWire volume) => volume.Metadata.Annotations?.GetValueOrDefault(ClassAnnotation) ?? volume.Spec?.StorageClassName ?? "";

    /// <summary>Bytes that a claim asks for.</summary>
    public static long Request(ClaimWire claim) => Quantity.Whole(claim.Spec?.Resources?.Requests?.GetValueOrDefault(Storage));

    /// <summary>Size of a volume in bytes.</summary>
    public static long Capacity(VolumeWire volume) => Quantity.Whole(volume.Spec?.Capacity?.GetValueOrDefault(Storage));

    /// <summary>Where the data of a volume is: a path on the node, or <c>server:/export</c>; empty for other volumes.</summary>
    public static string PathOf(VolumeWire? volume) =>
        (volume?.Spec?.HostPath ?? volume?.Spec?.Local)?.Path ?? (volume?.Spec?.Nfs is { } nfs ? $"{nfs.Server}:{nfs.Path}" : "");

    /// <summary>The claim that a volume belongs to or is kept for; null for none.</summary>
    public static ResourceReference? KeptFor(VolumeWire volume, string cluster) =>
        volume.Spec?.ClaimRef is { } claim ? new(cluster, VolumeTypes.Claim.Kind, claim.Namespace ?? "", claim.Name ?? "") : null;

    /// <summary>Whether a volume is kept for a claim of this name.</summary>
    public static bool IsNamedFor(VolumeWire volume, ClaimWire claim) =>
        volume.Spec?.ClaimRef is { } kept && kept.Name == claim.Metadata.Name && kept.Namespace == claim.Metadata.Namespace;

    /// <summary>Whether a volume is kept for this very claim: by name and, where it is written, by uid.</summary>
    public static bool IsKeptFor(VolumeWire volume, ClaimWire claim) =>
        IsNamedFor(volume, claim) && (string.IsNullOrEmpty(volume.Spec!.ClaimRef!.Uid) || volume.Spec.ClaimRef.Uid == claim.Metadata.Uid);
}
