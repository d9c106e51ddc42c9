using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Draining;

/// <summary>Decides what a drain does with a pod, as kubectl does.</summary>
internal static class DrainRules
{
    /// <summary>What becomes of a pod.</summary>
    public static DrainFate FateOf(PodWire pod) => pod switch
    {
        _ when Ownership.IsStatic(pod.Metadata) => DrainFate.Stays,
        { Metadata.DeletionTimestamp: not null } => DrainFate.Ending,
        _ when !HasEnded(pod) && pod.Metadata.OwnerReferences?.Exists(owner => owner is { Controller: true, Kind: "DaemonSet" }) == true => DrainFate.Stays,
        _ => DrainFate.Evicted,
    };

    /// <summary>Nothing would make it anew.</summary>
    public static bool IsBare(PodWire pod) => !HasEnded(pod) && pod.Metadata.OwnerReferences?.Exists(owner => owner.Controller == true) != true;

    /// <summary>It may be put on a cordoned node, where evicting it would only make another one.</summary>
    public static bool ToleratesCordon(PodWire pod) => pod.Spec?.Tolerations?.Exists(toleration =>
        toleration.Key == "node.kubernetes.io/unschedulable" || (toleration is { Operator: "Exists" } && string.IsNullOrEmpty(toleration.Key))) == true;

    /// <summary>Its containers have ended for good, so that nothing of it is lost.</summary>
    public static bool HasEnded(PodWire pod) => pod.Status?.Phase is "Succeeded" or "Failed";
}
