using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Volumes.Wire;

namespace HomelabOps.Core.Volumes;

/// <summary>Makes records of claims with their volumes, and of volumes without claims.</summary>
/// <param name="facts">What was read of the cluster.</param>
/// <param name="config">What claims are called.</param>
/// <param name="cluster">Name of the connection.</param>
internal sealed class VolumeMapper(VolumeFacts facts, HomelabConfig config, string cluster)
{
    private readonly ClaimApps _apps = new(config);

    /// <summary>Claims by namespace and name, each with its volume; then the volumes that no claim has.</summary>
    public IReadOnlyList<HomelabVolume> Map()
    {
        var volumes = facts.Volumes.ToDictionary(volume => volume.Metadata.Name, StringComparer.Ordinal);
        var (rows, taken) = (new List<HomelabVolume>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var claim in facts.Claims.OrderBy(claim => claim.Metadata.Namespace, StringComparer.Ordinal).ThenBy(claim => claim.Metadata.Name, StringComparer.Ordinal))
        {
            // One that is somebody else's is not shown beside the claim that merely names it.
            var volume = volumes.GetValueOrDefault(claim.Spec?.VolumeName ?? "") is { } named && (named.Spec?.ClaimRef is null || VolumeFields.IsKeptFor(named, claim)) ? named : null;
            taken.Add(volume?.Metadata.Name ?? "");
            rows.Add(OfClaim(claim, volume));
        }

        rows.AddRange(facts.Volumes.Where(volume => !taken.Contains(volume.Metadata.Name)).OrderBy(volume => volume.Metadata.Name, StringComparer.Ordinal).Select(OfVolume));
        return rows;
    }

    private HomelabVolume OfClaim(ClaimWire claim, VolumeWire? volume)
    {
        var consumers = facts.Consumers[(claim.Metadata.Namespace ?? "", claim.Metadata.Name)].OrderBy(consumer => consumer.Pod.Metadata.Name, StringComparer.Ordinal).ToList();
        var phase = claim.Status?.Phase ?? "Pending";
        return Common(volume) with
        {
            Kind = VolumeTypes.Claim.Kind,
            Namespace = claim.Metadata.Namespace ?? "",
            Name = claim.Metadata.Name,
            App = _apps.Of(claim.Metadata.Name, claim.Metadata, consumers),
            Claim = claim.Metadata.Name,
            Volume = claim.Spec?.VolumeName ?? "",
            Phase = phase,
            Healthy = phase == "Bound" && volume is not null,
            Class = VolumeFields.ClassOf(claim),
            Request = VolumeFields.Request(claim),
            AccessModes = volume?.Spec?.AccessModes ?? claim.Spec?.AccessModes ?? [],
            Pods = consumers.ConvertAll(consumer => consumer.Reference(cluster)),
            Labels = WireMapping.Labels(claim.Metadata),
            Age = WireMapping.Age(claim.Metadata.CreationTimestamp),
        };
    }

    private HomelabVolume OfVolume(VolumeWire volume)
    {
        var keptFor = VolumeFields.KeptFor(volume, cluster);
        var phase = volume.Status?.Phase ?? "";
        return Common(volume) with
        {
            Kind = VolumeTypes.Volume.Kind,
            Name = volume.Metadata.Name,
            App = _apps.Of(keptFor?.Name ?? "", volume.Metadata, []),
            Volume = volume.Metadata.Name,
            Phase = phase,
            Healthy = phase == "Available",
            Class = VolumeFields.ClassOf(volume),
            KeptFor = keptFor,
            Labels = WireMapping.Labels(volume.Metadata),
            Age = WireMapping.Age(volume.Metadata.CreationTimestamp),
        };
    }

    private HomelabVolume Common(VolumeWire? volume) => new()
    {
        Cluster = cluster,
        Node = NodeOf(volume),
        Capacity = volume is null ? null : VolumeFields.Capacity(volume),
        AccessModes = volume?.Spec?.AccessModes ?? [],
        ReclaimPolicy = volume?.Spec?.PersistentVolumeReclaimPolicy ?? "",
        Path = VolumeFields.PathOf(volume),
    };

    private string NodeOf(VolumeWire? volume) => volume?.Spec?.NodeAffinity?.Required is { } required
        && (facts.Nodes ?? []).Where(node => NodeTerms.Select(required, node)).Take(2).ToArray() is [var only]
            ? only.Metadata.Name
            : "";
}
