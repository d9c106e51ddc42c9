namespace HomelabOps;

/// <summary>A cluster that this session is connected to. Holds no credential.</summary>
public sealed record HomelabConnection
{
    /// <summary>Name that records of this cluster carry in <c>Cluster</c>: the kubeconfig context.</summary>
    public string Name { get; init; } = "";

    /// <summary>Address of the API server.</summary>
    public Uri? Server { get; init; }

    /// <summary>The kubeconfig context.</summary>
    public string Context { get; init; } = "";

    /// <summary>Version of the API server, such as <c>v1.33.4+k3s1</c>.</summary>
    public string KubernetesVersion { get; init; } = "";

    /// <summary>Version of Flux by the labels of its CustomResourceDefinitions; null without Flux.</summary>
    public string? FluxVersion { get; init; }

    /// <summary>Folder of the Git working copy that belongs to the cluster; null when none was given.</summary>
    public string? Repository { get; init; }

    /// <summary>The kubeconfig files that were read, joined as in KUBECONFIG; null in a pod.</summary>
    public string? KubeConfigPath { get; init; }

    /// <summary>The homelab.yaml that applies to this connection; null when the runbook's defaults hold.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>True for the embedded homelab.</summary>
    public bool IsSandbox { get; init; }

    /// <summary>End of the client certificate's validity, local time; null when another credential is used.</summary>
    public DateTime? ClientCertificateNotAfter { get; init; }

    /// <summary>End of the server certificate's validity, local time; null without TLS.</summary>
    public DateTime? ServerCertificateNotAfter { get; init; }

    /// <summary>The connection's name.</summary>
    public override string ToString() => Name;
}
