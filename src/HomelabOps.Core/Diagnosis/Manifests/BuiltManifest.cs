using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Diagnosis.Manifests;

/// <summary>An object as Flux would apply it.</summary>
/// <param name="Object">The object.</param>
/// <param name="Kustomization">The Kustomization that applies it.</param>
/// <param name="File">The file that it is written in, as a path of the repository; null for a generated one that is in none.</param>
/// <param name="Line">The line where it begins; null for a generated one.</param>
public sealed record BuiltManifest(RawObject Object, ResourceReference Kustomization, string? File, int? Line);
