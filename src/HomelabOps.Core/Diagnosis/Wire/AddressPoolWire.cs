using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Diagnosis.Wire;

/// <summary>An IPAddressPool of MetalLB.</summary>
internal sealed class AddressPoolWire : ObjectWire
{
    public AddressPoolSpecWire? Spec { get; set; }
}

internal sealed class AddressPoolSpecWire
{
    public List<string>? Addresses { get; set; }

    public bool? AutoAssign { get; set; }

    public bool? AvoidBuggyIPs { get; set; }
}
