namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>A context of a kubeconfig: which cluster as which user.</summary>
/// <param name="Name">Name of the context.</param>
/// <param name="Cluster">Name of the cluster; empty when the context names none.</param>
/// <param name="User">Name of the user; empty when the context names none.</param>
/// <param name="Namespace">The namespace that is used when none is named; null when none is set.</param>
public sealed record KubeContext(string Name, string Cluster, string User, string? Namespace);
