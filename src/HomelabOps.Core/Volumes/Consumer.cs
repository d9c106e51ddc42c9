using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Volumes.Wire;

namespace HomelabOps.Core.Volumes;

/// <summary>A pod that uses claims.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Claims">Names of the claims.</param>
/// <param name="App">Application that it belongs to.</param>
internal sealed record Consumer(ConsumerWire Pod, IReadOnlyList<string> Claims, string App)
{
    // VolSync's movers mount what belongs to another application.
    private const string CreatedBy = "app.kubernetes.io/created-by";

    /// <summary>The scheduler has found no node for it; its words, or null.</summary>
    public string? Unschedulable => Pod.Status?.Conditions?.Find(condition => condition is { Type: "PodScheduled", Status: "False" })?.Message;

    /// <summary>It copies an application's data and is not the application.</summary>
    public bool IsMover => Pod.Metadata.Label(CreatedBy) == "volsync";

    /// <summary>Claims that a pod mounts; an ephemeral volume's has the names of both.</summary>
    public static IReadOnlyList<string> ClaimsOf(ConsumerWire pod) =>
        [.. (pod.Spec?.Volumes ?? []).Select(volume => volume.PersistentVolumeClaim?.ClaimName ?? (volume.Ephemeral is null ? null : $"{pod.Metadata.Name}-{volume.Name}")).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Whether its own rules let it run on a node: where it runs already, nodeSelector, required affinity.</summary>
    public bool MayRunOn(NodeWire node) =>
        string.IsNullOrEmpty(Pod.Spec?.NodeName)
            ? (Pod.Spec?.NodeSelector ?? []).All(label => node.Metadata.Label(label.Key) == label.Value) && NodeTerms.Select(Pod.Spec?.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution, node)
            : Pod.Spec.NodeName == node.Metadata.Name;

    /// <summary>Its identity.</summary>
    public ResourceReference Reference(string cluster) => new(cluster, "Pod", Pod.Metadata.Namespace ?? "", Pod.Metadata.Name);
}
