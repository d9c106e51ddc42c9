using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Flux.Tracing;

/// <summary>The object of an owner chain that Flux has applied.</summary>
/// <param name="Key">The object.</param>
/// <param name="Applier">The Kustomization or HelmRelease.</param>
/// <param name="IsListed">The applier lists it; null when that cannot be told.</param>
internal sealed record AppliedObject(ObjectKey Key, ResourceReference Applier, bool? IsListed);

/// <summary>An object of an owner chain.</summary>
/// <param name="Key">The object.</param>
/// <param name="Json">Its content, of owners the metadata; null when it does not exist any more or may not be read.</param>
internal sealed record OwnerLink(ObjectKey Key, JsonObject? Json);
