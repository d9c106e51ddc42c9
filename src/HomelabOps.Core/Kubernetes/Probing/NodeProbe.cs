namespace HomelabOps.Core.Kubernetes.Probing;

/// <summary>What came of looking at one node.</summary>
/// <param name="Node">Name of the node.</param>
/// <param name="Report">What was found; null when the node could not be looked at.</param>
/// <param name="Unreachable">Why it could not, as a sentence; empty when it could.</param>
internal sealed record NodeProbe<T>(string Node, T? Report, string Unreachable)
    where T : class
{
    /// <summary>What kept it from being looked at.</summary>
    public ProbeFailureKind Failure { get; init; }

    /// <summary>The error that <see cref="Unreachable"/> is the text of; null for what is none by itself.</summary>
    public HomelabException? Error { get; init; }
}
