using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Events;

/// <summary>Makes records of events.</summary>
internal static class EventMapper
{
    public static HomelabEvent Map(EventWire wire, string cluster) => new()
    {
        Cluster = cluster,
        Kind = "Event",
        Namespace = wire.Metadata.Namespace ?? "",
        Name = wire.Metadata.Name,
        Time = WireMapping.Local(TimeOf(wire)),
        Type = wire.Type ?? "",
        Reason = wire.Reason ?? "",
        Message = (wire.Message ?? "").Trim(),
        Count = Math.Max(1, wire.Series?.Count ?? wire.Count ?? 1),
        Target = wire.InvolvedObject is { Name: { Length: > 0 } name } target
            ? new ResourceReference(cluster, target.Kind ?? "", target.Namespace ?? "", name)
            : null,
        Source = Source(wire),
    };

    /// <summary>When it was said last. Events of both APIs are here: the old one counts in lastTimestamp, the new one in eventTime and a series.</summary>
    public static DateTimeOffset? TimeOf(EventWire wire) =>
        wire.Series?.LastObservedTime ?? wire.LastTimestamp ?? wire.EventTime ?? wire.FirstTimestamp ?? wire.Metadata.CreationTimestamp;

    private static string Source(EventWire wire)
    {
        var component = wire.Source?.Component is { Length: > 0 } old ? old : wire.ReportingComponent ?? "";
        var host = wire.Source?.Host is { Length: > 0 } own ? own : "";
        return host.Length == 0 ? component : $"{component}, {host}";
    }
}
