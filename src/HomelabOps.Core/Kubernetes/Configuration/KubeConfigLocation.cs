namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>Where the connection's data come from.</summary>
/// <param name="Source">The rule that found them.</param>
/// <param name="Paths">The files in order of precedence; none in a pod.</param>
public sealed record KubeConfigLocation(KubeConfigSource Source, IReadOnlyList<string> Paths)
{
    /// <summary>True when there is no file and the pod's service account is used.</summary>
    public bool IsInCluster => Source == KubeConfigSource.InCluster;
}
