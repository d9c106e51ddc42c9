namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>Which rule found the kubeconfig.</summary>
public enum KubeConfigSource
{
    /// <summary>Named by the user.</summary>
    Explicit,

    /// <summary>The variable KUBECONFIG.</summary>
    EnvironmentVariable,

    /// <summary>.kube/config in the home folder.</summary>
    Home,

    /// <summary>The file of the k3s server on this machine.</summary>
    K3s,

    /// <summary>No file: this process runs in a pod.</summary>
    InCluster,
}
