using System.Text.Json;

namespace HomelabOps.Core.Kubernetes.Wire;

/// <summary>A Service.</summary>
internal sealed class ServiceWire : ObjectWire
{
    public ServiceSpecWire? Spec { get; set; }

    public LoadBalancerWire? Status { get; set; }
}

internal sealed class ServiceSpecWire
{
    public string? Type { get; set; }

    public string? ClusterIP { get; set; }

    public string? ExternalName { get; set; }

    public List<string>? ExternalIPs { get; set; }

    public string? LoadBalancerIP { get; set; }

    public string? LoadBalancerClass { get; set; }

    public string? IpFamilyPolicy { get; set; }

    public List<string>? IpFamilies { get; set; }

    public Dictionary<string, string>? Selector { get; set; }

    public List<ServicePortWire>? Ports { get; set; }
}

internal sealed class ServicePortWire
{
    public string? Name { get; set; }

    public string? Protocol { get; set; }

    public int Port { get; set; }

    // A number, or the name of a container's port.
    public JsonElement TargetPort { get; set; }

    public int? NodePort { get; set; }
}

internal sealed class LoadBalancerWire
{
    public IngressPointsWire? LoadBalancer { get; set; }
}

internal sealed class IngressPointsWire
{
    public List<IngressPointWire>? Ingress { get; set; }
}

internal sealed class IngressPointWire
{
    public string? Ip { get; set; }

    public string? Hostname { get; set; }
}
