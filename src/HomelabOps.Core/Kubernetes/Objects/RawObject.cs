using System.Text.Json;

namespace HomelabOps.Core.Kubernetes.Objects;

/// <summary>An object as the server has it.</summary>
/// <param name="Reference">Its identity.</param>
/// <param name="Json">All of it; <c>apiVersion</c> and <c>kind</c> first, the rest in the server's order.</param>
/// <param name="Events">Its events, the oldest first; null when they were not asked for.</param>
public sealed record RawObject(ResourceReference Reference, JsonElement Json, IReadOnlyList<HomelabEvent>? Events);
