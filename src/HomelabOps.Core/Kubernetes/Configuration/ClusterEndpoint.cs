using System.Security.Cryptography.X509Certificates;

namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>All that a connection to one cluster needs.</summary>
public sealed class ClusterEndpoint
{
    internal ClusterEndpoint()
    {
    }

    /// <summary>Name of the context.</summary>
    public required string Name { get; init; }

    /// <summary>The context itself.</summary>
    public required KubeContext Context { get; init; }

    /// <summary>Address of the API server, with its path prefix.</summary>
    public required Uri Server { get; init; }

    /// <summary>The address as it may be shown. Without TLS on this machine the path is the secret, as of the embedded homelab.</summary>
    public Uri Address => HasSecretPath ? new Uri(Server.GetLeftPart(UriPartial.Authority)) : Server;

    // Whoever knows the address is let in.
    private bool HasSecretPath => Server is { IsLoopback: true, Scheme: "http", AbsolutePath.Length: > 1 };

    /// <summary>The context's namespace, else "default".</summary>
    public required string Namespace { get; init; }

    /// <summary>The name that the server's certificate must have, where it is not the address's; null otherwise.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>True when the user's kubeconfig says insecure-skip-tls-verify; worth a warning.</summary>
    public bool SkipTlsVerify { get; init; }

    /// <summary>Who may have signed the server's certificate; null for those that the system trusts.</summary>
    public X509Certificate2Collection? CertificateAuthorities { get; init; }

    /// <summary>The client's certificate with its key; null when there is none or an exec plugin gives it.</summary>
    public X509Certificate2? ClientCertificate => ClientIdentity?.Certificate;

    /// <summary>The proxy of this cluster; null for the one of the environment.</summary>
    public Uri? ProxyUrl { get; init; }

    /// <summary>True when answers shall not be compressed.</summary>
    public bool DisableCompression { get; init; }

    /// <summary>On whose behalf the requests are made; null for the user itself.</summary>
    public Impersonation? Impersonation { get; init; }

    /// <summary>Gives the Authorization header.</summary>
    public required ICredentialSource Credentials { get; init; }

    /// <summary>The kubeconfig that the context came from; null in a pod.</summary>
    public string? KubeConfigPath { get; init; }

    /// <summary>How long a connection may take to be made.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What the last handshake showed of the server's certificate.</summary>
    public ServerCertificateInfo ServerCertificate { get; } = new();

    internal ClientCertificate? ClientIdentity { get; init; }

    /// <summary>What a context leads to; the current context when none is named.</summary>
    /// <exception cref="HomelabException">ContextNotFound, ContextIncomplete, and what is wrong with a credential.</exception>
    public static ClusterEndpoint Resolve(KubeConfig config, string? contextName) => EndpointResolver.Resolve(config, contextName, TimeProvider.System);

    /// <summary>The cluster that this process runs in.</summary>
    /// <exception cref="HomelabException">CredentialFileNotFound, CredentialInvalid.</exception>
    public static ClusterEndpoint InCluster(KubeConfigEnvironment? environment = null) =>
        EndpointResolver.InCluster(environment ?? KubeConfigEnvironment.Current, TimeProvider.System);

    /// <summary>Name and address; without user info and path, either of which may be a secret.</summary>
    public override string ToString() => $"{Name} ({Server.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)})";
}
