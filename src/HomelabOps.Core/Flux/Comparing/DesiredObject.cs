using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Flux.Comparing;

/// <summary>An object as the repository wants it.</summary>
/// <param name="Key">Which one.</param>
/// <param name="Content">What kustomize-controller would apply.</param>
/// <param name="Mask">What of it must not be shown.</param>
/// <param name="File">Its manifest, as a path of the repository; null where nobody knows.</param>
/// <param name="Line">Where it begins; 0 for a generated one.</param>
internal sealed record DesiredObject(ObjectKey Key, JsonObject Content, SecretMask Mask, string? File, long Line)
{
    /// <summary>Values are encrypted with SOPS, so nobody here knows what would be applied.</summary>
    public bool IsEncrypted { get; init; }
}
