using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.MetalLB.Wire;

/// <summary>An EndpointSlice.</summary>
internal sealed class SliceWire : ObjectWire
{
    public List<SliceEndpointWire>? Endpoints { get; set; }
}

internal sealed class SliceEndpointWire
{
    public List<string>? Addresses { get; set; }

    public SliceConditionsWire? Conditions { get; set; }
}

internal sealed class SliceConditionsWire
{
    public bool? Ready { get; set; }
}
