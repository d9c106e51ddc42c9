using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace HomelabOps.Core.Tests.Kubernetes.Configuration;

/// <summary>Certificates for tests, made once a process: keys cost time.</summary>
internal static class TestCertificates
{
    public static readonly DateTimeOffset Start = DateTimeOffset.UtcNow.AddYears(-2);

    public static X509Certificate2 Authority { get; } = CreateAuthority("CN=k3s-server-ca");

    public static X509Certificate2 OtherAuthority { get; } = CreateAuthority("CN=other-ca");

    public static X509Certificate2 Intermediate { get; } = CreateAuthority("CN=k3s-intermediate", Authority);

    public static X509Certificate2 Client { get; } = Issue("CN=system:admin, O=system:masters", Authority, server: false);

    public static X509Certificate2 ExpiredClient { get; } = Issue("CN=late", Authority, server: false, until: DateTimeOffset.UtcNow.AddDays(-3));

    public static string AuthorityData => Base64(Authority.ExportCertificatePem());

    public static string ClientData => Base64(Client.ExportCertificatePem());

    public static string ClientKeyPem => Client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();

    public static string ClientKeyData => Base64(ClientKeyPem);

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    public static X509Certificate2 CreateAuthority(string name, X509Certificate2? parent = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        DateTimeOffset end = DateTimeOffset.UtcNow.AddYears(parent is null ? 9 : 8);
        if (parent is null)
        {
            return request.CreateSelfSigned(Start, end);
        }

        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(parent, true, false));
        using X509Certificate2 signed = request.Create(parent, Start, end, Serial());
        return Usable(signed.CopyWithPrivateKey(key));
    }

    public static X509Certificate2 Issue(
        string name, X509Certificate2? issuer, bool server = true, DateTimeOffset? from = null, DateTimeOffset? until = null, bool rsa = false, params string[] hosts)
    {
        using ECDsa? curve = rsa ? null : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using RSA? large = rsa ? RSA.Create(2048) : null;
        CertificateRequest request = rsa
            ? new CertificateRequest(name, large!, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(name, curve!, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(server ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2")], critical: false));
        if (server)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (string host in hosts.Length == 0 ? ["127.0.0.1", "localhost"] : hosts)
            {
                if (IPAddress.TryParse(host, out IPAddress? address))
                {
                    names.AddIpAddress(address);
                }
                else
                {
                    names.AddDnsName(host);
                }
            }

            request.CertificateExtensions.Add(names.Build());
        }

        DateTimeOffset start = from ?? Start;
        DateTimeOffset end = until ?? DateTimeOffset.UtcNow.AddYears(1);
        if (issuer is null)
        {
            return Usable(request.CreateSelfSigned(start, end));
        }

        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, true, false));
        using X509Certificate2 signed = issuer.GetECDsaPrivateKey() is { } signer
            ? request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(signer), start, end, Serial())
            : throw new InvalidOperationException("The authorities of the tests have EC keys.");
        return Usable(rsa ? signed.CopyWithPrivateKey(large!) : signed.CopyWithPrivateKey(curve!));
    }

    private static byte[] Serial() => [1, .. RandomNumberGenerator.GetBytes(8)];

    // SslStream on Windows needs a key that outlives the object it was made with.
    private static X509Certificate2 Usable(X509Certificate2 certificate)
    {
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
        }
    }
}
