using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Flux.Comparing;

/// <summary>What a Kustomization would apply from the repository.</summary>
/// <param name="Objects">The objects, in the order of the build.</param>
/// <param name="SecretValues">Values of Secrets that were substituted.</param>
internal sealed record BuiltKustomization(IReadOnlyList<DesiredObject> Objects, IReadOnlyCollection<string> SecretValues)
{
    /// <summary>What must not be shown of an object that the build no longer has.</summary>
    public SecretMask MaskOf(ObjectKey key) => new(key.IsSecret, [], SecretValues);
}
