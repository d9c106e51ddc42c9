namespace HomelabOps.Core.Schemas;

/// <summary>Namespaces that nobody has to make.</summary>
internal static class ClusterNamespaces
{
    /// <summary>Those of every cluster, and that of Flux, which exists before anything is applied.</summary>
    public static IReadOnlyList<string> Always { get; } = ["default", "kube-system", "kube-public", "kube-node-lease", "flux-system"];
}
