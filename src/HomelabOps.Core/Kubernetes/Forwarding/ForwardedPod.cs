namespace HomelabOps.Core.Kubernetes.Forwarding;

/// <summary>Where connections are forwarded to.</summary>
/// <param name="Name">Name of the pod.</param>
/// <param name="Port">Port of the pod.</param>
internal sealed record ForwardedPod(string Name, int Port);
