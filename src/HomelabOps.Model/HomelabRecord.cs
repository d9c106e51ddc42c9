namespace HomelabOps;

/// <summary>What every record about a Kubernetes object carries.</summary>
public abstract record HomelabRecord
{
    /// <summary>Name of the connection (kubeconfig context) that the object was read from.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Kind of the object, as in its manifest.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Namespace; empty for cluster-scoped objects.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Name of the object.</summary>
    public string Name { get; init; } = "";

    /// <summary>The object's identity, to hand to other cmdlets.</summary>
    public ResourceReference Reference => new(Cluster, Kind, Namespace, Name);

    /// <summary>The reference as text. Sealed: a derived record would replace it with all its members.</summary>
    public sealed override string ToString() => Reference.ToString();
}
