using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.MetalLB.Wire;

/// <summary>A Secret. Its values are read as bytes, never as text, so that keys among them can be wiped.</summary>
internal sealed class SecretWire : ObjectWire
{
    public string? Type { get; set; }

    public bool? Immutable { get; set; }

    public Dictionary<string, byte[]?>? Data { get; set; }
}
