namespace HomelabOps.Core.Diagnosis.Snapshot;

/// <summary>A certificate that something depends on.</summary>
/// <param name="Target">The cluster, or the Secret or node that it is in.</param>
/// <param name="Reason">What is told when it ends.</param>
/// <param name="NotAfter">When it ends.</param>
internal sealed record CertificateFacts(ResourceReference Target, string Reason, DateTimeOffset NotAfter)
{
    /// <summary>How long before its end nothing will have renewed it unless somebody does.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Where it is, besides; nothing where the target says it.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>Ingresses that name it.</summary>
    public IReadOnlyList<ResourceReference> Users { get; init; } = [];
}
