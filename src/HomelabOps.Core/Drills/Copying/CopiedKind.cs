using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Drills.Copying;

/// <summary>The objects of a kind.</summary>
/// <param name="Type">The kind, as the cluster serves it.</param>
/// <param name="Objects">The objects, with apiVersion and kind.</param>
internal sealed record CopiedKind(ResourceType Type, IReadOnlyList<JsonObject> Objects);
