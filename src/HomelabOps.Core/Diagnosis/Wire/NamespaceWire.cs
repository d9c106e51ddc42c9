using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Diagnosis.Wire;

/// <summary>A namespace, and what keeps one that is being deleted.</summary>
internal sealed class NamespaceWire : ObjectWire
{
    public NamespaceStatusWire? Status { get; set; }
}

internal sealed class NamespaceStatusWire
{
    public List<ConditionWire>? Conditions { get; set; }
}
