namespace HomelabOps.Core.Kubernetes.Wire;

/// <summary>The API server's answer to a request that failed, and the object of an ERROR event in a watch.</summary>
internal sealed class StatusWire
{
    public string? Status { get; set; }

    public string? Message { get; set; }

    public string? Reason { get; set; }

    public int? Code { get; set; }

    public ListMetadataWire? Metadata { get; set; }

    public StatusDetailsWire? Details { get; set; }
}

internal sealed class StatusDetailsWire
{
    public int? RetryAfterSeconds { get; set; }

    public List<StatusCauseWire>? Causes { get; set; }
}

internal sealed class StatusCauseWire
{
    public string? Reason { get; set; }

    public string? Message { get; set; }
}

internal sealed class ListMetadataWire
{
    public string? ResourceVersion { get; set; }

    public string? Continue { get; set; }
}
