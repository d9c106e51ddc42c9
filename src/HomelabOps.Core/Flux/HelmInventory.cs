using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Flux;

/// <summary>The objects of a HelmRelease.</summary>
/// <param name="Objects">The objects.</param>
/// <param name="Problem">Why they are not all there; null when they are.</param>
internal sealed record HelmInventory(IReadOnlyList<ObjectKey> Objects, string? Problem)
{
    /// <summary>What was refused or is broken; null when nothing is.</summary>
    public HomelabException? Failure { get; init; }
}
