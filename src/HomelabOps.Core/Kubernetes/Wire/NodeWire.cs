using System.Text.Json.Serialization;

namespace HomelabOps.Core.Kubernetes.Wire;

internal sealed class NodeWire : ObjectWire
{
    public NodeSpecWire? Spec { get; set; }

    public NodeStatusWire? Status { get; set; }
}

internal sealed class NodeSpecWire
{
    public bool? Unschedulable { get; set; }

    public List<TaintWire>? Taints { get; set; }
}

internal sealed class TaintWire
{
    public string Key { get; set; } = "";

    public string? Value { get; set; }

    public string Effect { get; set; } = "";
}

internal sealed class NodeStatusWire
{
    public Dictionary<string, string>? Capacity { get; set; }

    public Dictionary<string, string>? Allocatable { get; set; }

    public List<ConditionWire>? Conditions { get; set; }

    public List<AddressWire>? Addresses { get; set; }

    public NodeInfoWire? NodeInfo { get; set; }

    public List<ImageWire>? Images { get; set; }

    public DaemonEndpointsWire? DaemonEndpoints { get; set; }
}

internal sealed class DaemonEndpointsWire
{
    public DaemonEndpointWire? KubeletEndpoint { get; set; }
}

internal sealed class DaemonEndpointWire
{
    [JsonPropertyName("Port")]
    public int Port { get; set; }
}

internal sealed class ImageWire
{
    public List<string>? Names { get; set; }
}

internal sealed class AddressWire
{
    public string Type { get; set; } = "";

    public string Address { get; set; } = "";
}

internal sealed class NodeInfoWire
{
    public string? KubeletVersion { get; set; }

    public string? OsImage { get; set; }

    public string? KernelVersion { get; set; }

    public string? ContainerRuntimeVersion { get; set; }

    public string? Architecture { get; set; }
}
