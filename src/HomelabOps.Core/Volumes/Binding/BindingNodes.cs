using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Volumes.Binding;

/// <summary>Nodes as far as pods with volumes care.</summary>
internal static class BindingNodes
{
    /// <summary>New pods may be placed on it.</summary>
    public static bool IsUsable(NodeWire node) => NodeTerms.IsReady(node) && node.Spec?.Unschedulable != true;

    /// <summary>The name with what keeps pods away: <c>k3s-w1 (NotReady)</c>.</summary>
    public static string Describe(NodeWire node) => !NodeTerms.IsReady(node) ? $"{node.Metadata.Name} (NotReady)" : node.Spec?.Unschedulable == true ? $"{node.Metadata.Name} (SchedulingDisabled)" : node.Metadata.Name;

    /// <summary>Their names, or a word for none.</summary>
    public static string Names(IEnumerable<NodeWire> nodes) => string.Join(", ", nodes.Select(node => node.Metadata.Name)) is { Length: > 0 } names ? names : Errors.Text("Detail_NoNode");
}
