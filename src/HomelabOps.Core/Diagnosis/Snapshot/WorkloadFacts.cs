using HomelabOps.Core.Replication;
using HomelabOps.Core.Workloads;
using HomelabOps.Core.Workloads.Wire;

namespace HomelabOps.Core.Diagnosis.Snapshot;

/// <summary>What makes pods.</summary>
/// <param name="Reference">Its identity.</param>
/// <param name="Wire">What is used of it.</param>
internal sealed record WorkloadFacts(ResourceReference Reference, WorkloadWire Wire)
{
    /// <summary>How many pods it ought to have; null for what runs now and then.</summary>
    public int? Desired => Reference.Kind switch
    {
        WorkloadTypes.DaemonSet => Wire.Status?.DesiredNumberScheduled ?? 0,
        WorkloadTypes.CronJob => null,
        _ => Wire.Spec?.Replicas ?? 1,
    };

    /// <summary>How many of its pods can be used.</summary>
    public int Available => Reference.Kind == WorkloadTypes.DaemonSet ? Wire.Status?.NumberAvailable ?? 0 : Wire.Status?.AvailableReplicas ?? 0;

    /// <summary>The ServiceAccount that its pods run as; null for the usual one.</summary>
    public string? Account => Template?.Spec?.ServiceAccountName ?? Template?.Spec?.ServiceAccount;

    /// <summary>VolSync made it, to move data.</summary>
    public bool IsMover => MoverNames.IsOfMover(Wire.Metadata);

    /// <summary>The claims that its pods mount by name.</summary>
    public IEnumerable<string> Claims => (Template?.Spec?.Volumes ?? []).Select(volume => volume.PersistentVolumeClaim?.ClaimName).OfType<string>();

    private PodTemplateWire? Template => Wire.Spec?.Template ?? Wire.Spec?.JobTemplate?.Spec?.Template;

    /// <summary>Whether a selector of labels finds its pods.</summary>
    public bool IsSelectedBy(IReadOnlyDictionary<string, string> selector) =>
        Template?.Metadata?.Labels is { } labels && selector.All(pair => labels.GetValueOrDefault(pair.Key) == pair.Value);
}
