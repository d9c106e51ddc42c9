namespace HomelabOps.Core.Kubernetes.Wire;

internal sealed class EventWire : ObjectWire
{
    public InvolvedObjectWire? InvolvedObject { get; set; }

    public string? Type { get; set; }

    public string? Reason { get; set; }

    public string? Message { get; set; }

    public int? Count { get; set; }

    public DateTimeOffset? FirstTimestamp { get; set; }

    public DateTimeOffset? LastTimestamp { get; set; }

    public DateTimeOffset? EventTime { get; set; }

    public EventSeriesWire? Series { get; set; }

    public EventSourceWire? Source { get; set; }

    public string? ReportingComponent { get; set; }

    public string? ReportingInstance { get; set; }
}

internal sealed class InvolvedObjectWire
{
    public string? Kind { get; set; }

    public string? Namespace { get; set; }

    public string? Name { get; set; }
}

internal sealed class EventSeriesWire
{
    public int? Count { get; set; }

    public DateTimeOffset? LastObservedTime { get; set; }
}

internal sealed class EventSourceWire
{
    public string? Component { get; set; }

    public string? Host { get; set; }
}
