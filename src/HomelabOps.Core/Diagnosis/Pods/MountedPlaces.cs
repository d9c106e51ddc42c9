using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Volumes;
using HomelabOps.Core.Volumes.Wire;

namespace HomelabOps.Core.Diagnosis.Pods;

/// <summary>Which mounts of its node, and which claims, a pod cannot do without.</summary>
internal sealed class MountedPlaces(HomelabSnapshot snapshot)
{
    private readonly Lazy<Dictionary<(string Namespace, string Claim), VolumeWire>> _volumes = new(() => (snapshot.Storage?.Volumes ?? [])
        .Where(volume => volume.Spec?.ClaimRef is not null)
        .DistinctBy(volume => (volume.Spec!.ClaimRef!.Namespace, volume.Spec.ClaimRef.Name))
        .ToDictionary(volume => (volume.Spec!.ClaimRef!.Namespace ?? "", volume.Spec.ClaimRef.Name ?? "")));

    /// <summary>What would explain that the pod cannot start, be ready or end: mounts that are not well, and its claims.</summary>
    public IReadOnlyList<Cause> Of(PodFacts pod)
    {
        var claims = pod.ToConsumer()?.Claims ?? [];
        var volumes = claims.Select(claim => _volumes.Value.GetValueOrDefault((pod.Reference.Namespace, claim))).OfType<VolumeWire>();
        var places = (pod.Wire.Spec?.Volumes ?? []).Select(volume => volume.HostPath?.Path ?? (volume.Nfs is { } nfs ? $"{nfs.Server}:{nfs.Path}" : "")).Concat(volumes.Select(VolumeFields.PathOf)).Where(place => place.Length > 0).ToList();
        return
        [
            .. (snapshot.Mounts ?? []).Where(mount => mount.Node == pod.Node && places.Exists(place => IsWithin(place, mount.Path) || IsWithin(place, mount.Source))).Select(mount => new Cause(snapshot.Mount(mount.Node, mount.Path))),
            .. claims.Select(claim => new Cause(pod.Reference with { Kind = VolumeTypes.Claim.Kind, Name = claim })),
        ];
    }

    private static bool IsWithin(string place, string folder) =>
        folder.Length > 0 && (place.TrimEnd('/') + "/").StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);
}
