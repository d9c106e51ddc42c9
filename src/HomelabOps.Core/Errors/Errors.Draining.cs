namespace HomelabOps.Core;

/// <summary>Errors of taking nodes and pods away.</summary>
internal static partial class Errors
{
    /// <summary>Pods on a node that nothing would make anew.</summary>
    public static HomelabException NodeDrainBare(ResourceReference node, string pods) => new(
        nameof(NodeDrainBare), ErrorKind.InvalidOperation, Text(nameof(NodeDrainBare), node, pods), node);

    /// <summary>Pods that cannot be evicted, or a drain that could not go on.</summary>
    public static HomelabException NodeDrainFailed(ResourceReference node, string detail) => new(
        nameof(NodeDrainFailed), ErrorKind.InvalidOperation, Text(nameof(NodeDrainFailed), node, detail.TrimEnd('.')), node);

    /// <summary>Pods that were still there when the time was over.</summary>
    public static HomelabException NodeDrainTimeout(ResourceReference node, TimeSpan timeout, string left) => new(
        nameof(NodeDrainTimeout), ErrorKind.OperationTimeout, Text(nameof(NodeDrainTimeout), node, timeout.TotalSeconds, left), node);

    /// <summary>The only node that takes pods.</summary>
    public static HomelabException NodeLastSchedulable(ResourceReference node) => new(
        nameof(NodeLastSchedulable), ErrorKind.InvalidOperation, Text(nameof(NodeLastSchedulable), node), node);

    /// <summary>A pod that has not ended in time.</summary>
    public static HomelabException PodDeleteTimeout(ResourceReference pod, string node, TimeSpan timeout) => new(
        nameof(PodDeleteTimeout), ErrorKind.OperationTimeout, Text(nameof(PodDeleteTimeout), pod, timeout.TotalSeconds, node.Length > 0 ? node : Text("Detail_NoNode")), pod);
}
