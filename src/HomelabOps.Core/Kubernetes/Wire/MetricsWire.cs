namespace HomelabOps.Core.Kubernetes.Wire;

/// <summary>Usage of a node, as metrics.k8s.io gives it.</summary>
internal sealed class NodeMetricsWire : ObjectWire
{
    public DateTimeOffset? Timestamp { get; set; }

    public Dictionary<string, string>? Usage { get; set; }
}

/// <summary>Usage of a pod, as metrics.k8s.io gives it.</summary>
internal sealed class PodMetricsWire : ObjectWire
{
    public DateTimeOffset? Timestamp { get; set; }

    public List<ContainerMetricsWire>? Containers { get; set; }
}

internal sealed class ContainerMetricsWire
{
    public string Name { get; set; } = "";

    public Dictionary<string, string>? Usage { get; set; }
}
