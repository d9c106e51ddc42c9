using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Nodes;

/// <summary>Whether pods may be put on nodes with taints, by the scheduler's rules.</summary>
internal static class NodeTaints
{
    /// <summary>Whether one of the tolerations is for the taint. One without a key is for all, where it says Exists.</summary>
    public static bool IsTolerated(IEnumerable<TolerationWire>? tolerations, TaintWire taint) => (tolerations ?? []).Any(toleration =>
        (string.IsNullOrEmpty(toleration.Effect) || toleration.Effect == taint.Effect)
        && (string.IsNullOrEmpty(toleration.Key) ? toleration.Operator == "Exists" : toleration.Key == taint.Key && (toleration.Operator == "Exists" || (toleration.Value ?? "") == (taint.Value ?? ""))));
}
