using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Diagnosis.Snapshot;

/// <summary>Reads when the certificates end that the connection and the Ingresses use. Of Secrets only the public half is kept.</summary>
/// <param name="client">The cluster.</param>
/// <param name="refused">Is told what may not be read.</param>
/// <param name="unread">Is told what could not be read.</param>
internal sealed class CertificateReader(ClusterClient client, Action<ResourceType> refused, Action<ResourceReference> unread)
{
    public const string OfClient = "ClientCertificateEnds";
    public const string OfServer = "ServerCertificateEnds";
    public const string OfIngress = "IngressCertificateEnds";

    private const string ManagerAnnotation = "cert-manager.io/certificate-name";
    private const int MostSecrets = 40;
    private static readonly ResourceType Secret = new("", "v1", "secrets", "Secret", true);

    /// <summary>Reads them. Something has to have been read from the server before, or nothing is known of its own.</summary>
    public async Task<IReadOnlyList<CertificateFacts>> ReadAsync(IReadOnlyList<IngressWire> ingresses, CancellationToken cancellationToken)
    {
        var secrets = ingresses.SelectMany(ingress => (ingress.Spec?.Tls ?? []).Select(tls => (Secret: Reference(Secret.Kind, ingress, tls.SecretName), Ingress: Reference("Ingress", ingress, ingress.Metadata.Name))))
            .Where(pair => pair.Secret.Name.Length > 0).GroupBy(pair => pair.Secret, pair => pair.Ingress).Take(MostSecrets);
        var read = await Task.WhenAll(secrets.Select(group => ReadAsync(group.Key, [.. group.Distinct()], cancellationToken)));
        return [.. OfConnection(), .. read.OfType<CertificateFacts>()];
    }

    private IEnumerable<CertificateFacts> OfConnection()
    {
        var cluster = new ResourceReference(client.Name, "Cluster", "", client.Name);
        if (client.Endpoint.ClientCertificate is { } own)
        {
            yield return new(cluster, OfClient, new(own.NotAfter));
        }

        if (client.Endpoint.ServerCertificate.NotAfter is { } notAfter)
        {
            yield return new(cluster, OfServer, new(notAfter));
        }
    }

    private ResourceReference Reference(string kind, IngressWire ingress, string? name) => new(client.Name, kind, ingress.Metadata.Namespace ?? "", name ?? "");

    private async Task<CertificateFacts?> ReadAsync(ResourceReference secret, IReadOnlyList<ResourceReference> users, CancellationToken cancellationToken)
    {
        try
        {
            if (await client.FindAsync(Secret, secret.Namespace, secret.Name, DiagnosisWireContext.Default.TlsSecretWire, cancellationToken) is not { Data.Certificate: { } pem } found)
            {
                return null;
            }

            using var certificate = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(pem));

            // cert-manager renews when a third of the time is left, however long that is.
            var isManaged = found.Metadata.Annotations?.ContainsKey(ManagerAnnotation) == true;
            var facts = new CertificateFacts(secret, OfIngress, new(certificate.NotAfter)) { Users = users };
            return isManaged && (certificate.NotAfter - certificate.NotBefore) / 4 is var last && last < facts.Window ? facts with { Window = last } : facts;
        }
        catch (CryptographicException)
        {
            // What is no certificate has no end.
            return null;
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            refused(Secret);
            return null;
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            unread(secret);
            return null;
        }
    }
}
