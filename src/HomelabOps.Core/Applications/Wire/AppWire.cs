using System.Text.Json;
using System.Text.Json.Serialization;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Topology.Wire;

namespace HomelabOps.Core.Applications.Wire;

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

internal sealed class EndpointsWire : ObjectWire
{
    public List<EndpointSubsetWire>? Subsets { get; set; }
}

internal sealed class EndpointSubsetWire
{
    public List<EndpointAddressWire>? Addresses { get; set; }
}

internal sealed class EndpointAddressWire
{
    public string? Ip { get; set; }
}

internal sealed class IngressWire : ObjectWire
{
    public IngressSpecWire? Spec { get; set; }

    public LoadBalancerWire? Status { get; set; }
}

internal sealed class IngressSpecWire
{
    public string? IngressClassName { get; set; }

    public IngressBackendWire? DefaultBackend { get; set; }

    public List<IngressRuleWire>? Rules { get; set; }

    public List<IngressTlsWire>? Tls { get; set; }
}

internal sealed class IngressTlsWire
{
    public List<string>? Hosts { get; set; }
}

internal sealed class IngressRuleWire
{
    public string? Host { get; set; }

    public IngressHttpWire? Http { get; set; }
}

internal sealed class IngressHttpWire
{
    public List<IngressPathWire>? Paths { get; set; }
}

internal sealed class IngressPathWire
{
    public string? Path { get; set; }

    public IngressBackendWire? Backend { get; set; }
}

internal sealed class IngressBackendWire
{
    public IngressServiceWire? Service { get; set; }
}

internal sealed class IngressServiceWire
{
    public string? Name { get; set; }
}

internal sealed class ClaimWire : ObjectWire
{
    public ClaimSpecWire? Spec { get; set; }

    public ClaimStatusWire? Status { get; set; }
}

internal sealed class ClaimSpecWire
{
    public string? VolumeName { get; set; }
}

internal sealed class ClaimStatusWire
{
    public string? Phase { get; set; }

    public Dictionary<string, string>? Capacity { get; set; }
}

internal sealed class VolumeWire : ObjectWire
{
    public VolumeSpecWire? Spec { get; set; }
}

internal sealed class VolumeSpecWire
{
    public HostPathWire? HostPath { get; set; }

    public HostPathWire? Local { get; set; }

    public NfsWire? Nfs { get; set; }

    public Dictionary<string, string>? Capacity { get; set; }

    public VolumeAffinityWire? NodeAffinity { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ServiceWire))]
[JsonSerializable(typeof(EndpointsWire))]
[JsonSerializable(typeof(IngressWire))]
[JsonSerializable(typeof(ClaimWire))]
[JsonSerializable(typeof(VolumeWire))]
internal sealed partial class AppWireContext : JsonSerializerContext;
