using HomelabOps.Core.Volumes.Wire;

namespace HomelabOps.Core.Volumes.Binding;

/// <summary>A claim with all that decides what it is bound to.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Facts">The storage of its cluster.</param>
internal sealed record BindingCase(ClaimWire Claim, VolumeFacts Facts)
{
    public const string NoProvisioner = "kubernetes.io/no-provisioner";

    private const string SelectedNode = "volume.kubernetes.io/selected-node";
    private const string DefaultClass = "storageclass.kubernetes.io/is-default-class";

    /// <summary>Namespace and name.</summary>
    public string Name => $"{Claim.Metadata.Namespace}/{Claim.Metadata.Name}";

    /// <summary>The volume that the claim names; null when it leaves the choice to the binder.</summary>
    public string? WantedVolume => Claim.Spec?.VolumeName is { Length: > 0 } name ? name : null;

    /// <summary>Pods that use the claim and have not ended.</summary>
    public IReadOnlyList<Consumer> Consumers { get; } = [.. Facts.Consumers[(Claim.Metadata.Namespace ?? "", Claim.Metadata.Name)].OrderBy(consumer => consumer.Pod.Metadata.Name, StringComparer.Ordinal)];

    /// <summary>Its class; null for none, for one that is absent, and where classes may not be read.</summary>
    public StorageClassWire? Class { get; } = Facts.Classes?.FirstOrDefault(item => item.Metadata.Name == VolumeFields.ClassOf(Claim));

    /// <summary>It has the class that Kubernetes gives to a claim which leaves it out.</summary>
    public bool IsDefaultClass => Class?.Metadata.Annotations?.GetValueOrDefault(DefaultClass) == "true";

    /// <summary>Somebody makes volumes of its class.</summary>
    public bool IsProvisioned => Class?.Provisioner is not (null or "" or NoProvisioner);

    /// <summary>It is bound by the scheduler, with the first pod that uses it.</summary>
    public bool Waits => Class?.VolumeBindingMode == "WaitForFirstConsumer" && !HasNode;

    /// <summary>The scheduler has chosen the node that its volume must be on.</summary>
    public bool HasNode => Claim.Metadata.Annotations?.ContainsKey(SelectedNode) == true;

    /// <summary>How a volume comes to be looked at.</summary>
    public BindingWay WayTo(VolumeWire volume) =>
        WantedVolume is not null ? VolumeFields.IsKeptFor(volume, Claim) ? BindingWay.Mutual : BindingWay.Named
        : VolumeFields.IsKeptFor(volume, Claim) ? BindingWay.Kept
        : Waits ? BindingWay.Delayed
        : BindingWay.Search;

    /// <summary>
    /// The volume that the binder takes: of those with the fewest access modes one that is kept for the claim, else the
    /// smallest. Null when none fits.
    /// </summary>
    public VolumeWire? Best(IReadOnlyDictionary<string, PvcCandidate> candidates) => Facts.Volumes
        .Where(volume => candidates[volume.Metadata.Name].Fits)
        .OrderBy(volume => volume.Spec?.AccessModes?.Count ?? 0)
        .ThenByDescending(volume => VolumeFields.IsKeptFor(volume, Claim))
        .ThenBy(VolumeFields.Capacity)
        .ThenBy(volume => volume.Metadata.Name, StringComparer.Ordinal).FirstOrDefault();
}
