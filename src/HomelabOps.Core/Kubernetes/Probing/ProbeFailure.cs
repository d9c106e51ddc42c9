namespace HomelabOps.Core.Kubernetes.Probing;

/// <summary>One node cannot be looked at. The others can.</summary>
/// <param name="reason">Why, as a sentence.</param>
/// <param name="kind">What kept the pod from running.</param>
internal sealed class ProbeFailure(string reason, ProbeFailureKind kind = ProbeFailureKind.Other) : Exception(reason)
{
    /// <summary>What kept the pod from running.</summary>
    public ProbeFailureKind Kind => kind;
}
