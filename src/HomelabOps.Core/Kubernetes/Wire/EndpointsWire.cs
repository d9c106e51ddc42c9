namespace HomelabOps.Core.Kubernetes.Wire;

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
