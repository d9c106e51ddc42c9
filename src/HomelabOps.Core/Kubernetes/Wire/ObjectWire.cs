namespace HomelabOps.Core.Kubernetes.Wire;

// Wire types hold only what is used, and have setters: with a source-generated JSON context an init-only default comes
// back null when the field is absent. Everything the server may leave out is nullable.
internal abstract class ObjectWire
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public MetadataWire Metadata { get; set; } = new();
}

internal sealed class MetadataWire
{
    public string Name { get; set; } = "";

    public string? Namespace { get; set; }

    public string? Uid { get; set; }

    public string? ResourceVersion { get; set; }

    public long Generation { get; set; }

    public DateTimeOffset? CreationTimestamp { get; set; }

    public DateTimeOffset? DeletionTimestamp { get; set; }

    public Dictionary<string, string>? Labels { get; set; }

    public Dictionary<string, string>? Annotations { get; set; }

    public List<OwnerWire>? OwnerReferences { get; set; }

    public List<string>? Finalizers { get; set; }
}

internal sealed class OwnerWire
{
    public string? ApiVersion { get; set; }

    public string Kind { get; set; } = "";

    public string Name { get; set; } = "";

    public bool? Controller { get; set; }
}

internal sealed class ConditionWire
{
    public string Type { get; set; } = "";

    public string? Status { get; set; }

    public string? Reason { get; set; }

    public string? Message { get; set; }

    public DateTimeOffset? LastTransitionTime { get; set; }

    public DateTimeOffset? LastHeartbeatTime { get; set; }

    public long? ObservedGeneration { get; set; }
}

/// <summary>Any object of which only the metadata matters.</summary>
internal sealed class PartialObjectWire : ObjectWire;
