using System.Text.Json.Nodes;

namespace HomelabOps.Core.Kubernetes.Objects;

/// <summary>What came of looking for an object. Without content and failure it does not exist.</summary>
/// <param name="Type">Its type; null when the cluster serves no such kind.</param>
/// <param name="Json">The object, with its apiVersion and kind.</param>
/// <param name="Failure">Why it could not be read.</param>
internal sealed record ShelfEntry(ResourceType? Type, JsonObject? Json, HomelabException? Failure);
