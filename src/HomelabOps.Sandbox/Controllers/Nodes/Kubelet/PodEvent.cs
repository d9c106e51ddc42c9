namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>Something that a kubelet tells of a pod.</summary>
/// <param name="Type">Normal or Warning.</param>
/// <param name="Reason">One word.</param>
/// <param name="Message">What it says.</param>
/// <param name="Container">The container that it is about; null for the pod itself.</param>
internal sealed record PodEvent(string Type, string Reason, string Message, string? Container = null);
