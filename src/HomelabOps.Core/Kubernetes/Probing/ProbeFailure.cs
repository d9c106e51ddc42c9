namespace HomelabOps.Core.Kubernetes.Probing;

/// <summary>One node cannot be looked at. The others can.</summary>
/// <param name="reason">Why, as a sentence.</param>
internal sealed class ProbeFailure(string reason) : Exception(reason);
