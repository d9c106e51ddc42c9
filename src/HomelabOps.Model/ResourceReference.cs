namespace HomelabOps;

/// <summary>Names one object of one cluster. Compares by value, so references can be grouped and looked up.</summary>
/// <param name="Cluster">The connection's name (the kubeconfig context), or null when the cluster does not matter.</param>
/// <param name="Kind">The object's kind, as in its manifest.</param>
/// <param name="Namespace">The namespace; empty for cluster-scoped objects.</param>
/// <param name="Name">The object's name.</param>
public sealed record ResourceReference(string? Cluster, string Kind, string Namespace, string Name)
{
    /// <summary><c>Kind/namespace/name</c>, or <c>Kind/name</c> for a cluster-scoped object.</summary>
    public override string ToString() => Namespace.Length == 0 ? $"{Kind}/{Name}" : $"{Kind}/{Namespace}/{Name}";
}
