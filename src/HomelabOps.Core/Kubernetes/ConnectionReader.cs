using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes;

/// <summary>Reads what is worth knowing of a cluster when a session connects to it.</summary>
internal static class ConnectionReader
{
    private const string VersionLabel = "app.kubernetes.io/version";

    /// <summary>Asks the server for its version, which proves address, trust and credentials, and for that of Flux.</summary>
    public static async Task<HomelabConnection> ReadAsync(ClusterClient client, CancellationToken cancellationToken)
    {
        var flux = FluxVersionAsync(client, cancellationToken);
        var version = await client.GetAsync("version", WireContext.Default.VersionWire, new ApiRequest("get", "/version"), cancellationToken);
        if (string.IsNullOrEmpty(version.GitVersion))
        {
            throw Errors.ResponseInvalid(client.Name, "/version", "it has no version.", null);
        }

        return new HomelabConnection
        {
            Name = client.Name,
            Server = client.Endpoint.Address,
            Context = client.Endpoint.Context.Name,
            KubernetesVersion = version.GitVersion,
            FluxVersion = await flux,
            ClientCertificateNotAfter = client.Endpoint.ClientCertificate?.NotAfter,
            ServerCertificateNotAfter = client.Endpoint.ServerCertificate.NotAfter?.ToLocalTime(),
        };
    }

    // Flux labels its CustomResourceDefinitions with its version. Who may not read them can work all the same.
    private static async Task<string?> FluxVersionAsync(ClusterClient client, CancellationToken cancellationToken)
    {
        try
        {
            var definition = await client.FindAsync(
                ResourceType.CustomResourceDefinition, null, "kustomizations.kustomize.toolkit.fluxcd.io", WireContext.Default.PartialObjectWire, cancellationToken);
            return definition?.Metadata.Label(VersionLabel);
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            return null;
        }
    }
}
