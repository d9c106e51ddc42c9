using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes;

/// <summary>What all mappings from the wire to records share.</summary>
internal static class WireMapping
{
    public static DateTime? Local(DateTimeOffset? time) => time?.LocalDateTime;

    public static TimeSpan? Age(DateTimeOffset? time) => time is { } start ? DateTimeOffset.UtcNow - start : null;

    public static ConditionStatus Status(string? status) => status switch
    {
        "True" => ConditionStatus.True,
        "False" => ConditionStatus.False,
        _ => ConditionStatus.Unknown,
    };

    public static IReadOnlyList<ResourceCondition> Conditions(List<ConditionWire>? conditions) =>
        conditions is null ? [] : conditions.ConvertAll(condition => new ResourceCondition
        {
            Type = condition.Type,
            Status = Status(condition.Status),
            Reason = condition.Reason ?? "",
            Message = condition.Message ?? "",
            LastTransition = Local(condition.LastTransitionTime),
            ObservedGeneration = condition.ObservedGeneration,
        });

    public static IReadOnlyDictionary<string, string> Labels(MetadataWire metadata) =>
        metadata.Labels ?? (IReadOnlyDictionary<string, string>)System.Collections.Immutable.ImmutableDictionary<string, string>.Empty;

    public static string? Label(this MetadataWire metadata, string key) => metadata.Labels?.GetValueOrDefault(key);
}
