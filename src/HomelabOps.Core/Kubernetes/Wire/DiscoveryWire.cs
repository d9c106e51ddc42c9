namespace HomelabOps.Core.Kubernetes.Wire;

internal sealed class VersionWire
{
    public string GitVersion { get; set; } = "";
}

/// <summary>Answer of <c>/apis</c> without aggregated discovery.</summary>
internal sealed class ApiGroupListWire
{
    public List<ApiGroupWire> Groups { get; set; } = [];
}

internal sealed class ApiGroupWire
{
    public string Name { get; set; } = "";

    public List<GroupVersionWire> Versions { get; set; } = [];

    public GroupVersionWire? PreferredVersion { get; set; }
}

internal sealed class GroupVersionWire
{
    public string Version { get; set; } = "";
}

/// <summary>Answer of <c>/apis/group/version</c>.</summary>
internal sealed class ApiResourceListWire
{
    public List<ApiResourceWire> Resources { get; set; } = [];
}

internal sealed class ApiResourceWire
{
    public string Name { get; set; } = "";

    // Of a subresource that is of another group than its object.
    public string? Group { get; set; }

    public string? Version { get; set; }

    public string Kind { get; set; } = "";

    public bool Namespaced { get; set; }

    public string? SingularName { get; set; }

    public List<string>? ShortNames { get; set; }

    public List<string>? Verbs { get; set; }
}

/// <summary>Answer of <c>/apis</c> and <c>/api</c> with aggregated discovery (Kubernetes 1.26 and later).</summary>
internal sealed class AggregatedDiscoveryWire
{
    public List<AggregatedGroupWire> Items { get; set; } = [];
}

internal sealed class AggregatedGroupWire
{
    public MetadataWire Metadata { get; set; } = new();

    public List<AggregatedVersionWire> Versions { get; set; } = [];
}

internal sealed class AggregatedVersionWire
{
    public string Version { get; set; } = "";

    public List<AggregatedResourceWire> Resources { get; set; } = [];
}

internal sealed class AggregatedResourceWire
{
    public string Resource { get; set; } = "";

    public ResponseKindWire? ResponseKind { get; set; }

    public string? Scope { get; set; }

    public string? SingularResource { get; set; }

    public List<string>? ShortNames { get; set; }

    public List<string>? Verbs { get; set; }
}

internal sealed class ResponseKindWire
{
    public string Kind { get; set; } = "";
}
