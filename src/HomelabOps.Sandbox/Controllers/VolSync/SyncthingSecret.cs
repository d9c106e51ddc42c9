using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>
/// What protects the REST API of a Syncthing mover. As VolSync makes it: the certificate is issued by an authority that is thrown
/// away at once, so clients can only trust the certificate itself.
/// </summary>
internal static class SyncthingSecret
{
    public static JsonObject New(string name, string host, DateTimeOffset now)
    {
        var (certificate, key) = Issue(host, now);
        var secret = MoverContext.Named(name);
        secret["type"] = "Opaque";
        secret["data"] = new JsonObject
        {
            ["apikey"] = Encode(Random()),
            ["username"] = Encode("syncthing"),
            ["password"] = Encode(Random()),
            ["httpsCertPEM"] = Encode(certificate),
            ["httpsKeyPEM"] = Encode(key),
        };
        return secret;
    }

    public static string Field(JsonObject secret, string name) => (string?)secret["data"]?[name] is { } text ? Encoding.UTF8.GetString(Convert.FromBase64String(text)) : "";

    // On an elliptic curve where the real one has 4096 bits of RSA: two dozen of these would take longer than the whole homelab.
    private static (string Certificate, string Key) Issue(string host, DateTimeOffset now)
    {
        const string organization = "C=US, S=North Carolina, L=Raleigh, O=Backube";
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest(organization, authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = authorityRequest.CreateSelfSigned(now.AddMinutes(-5), now.AddYears(10));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(organization, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.2"), new("1.3.6.1.5.5.7.3.1")], false));
        using var certificate = request.Create(authority, now.AddMinutes(-5), now.AddYears(10), RandomNumberGenerator.GetBytes(12));
        return (certificate.ExportCertificatePem() + "\n", key.ExportECPrivateKeyPem() + "\n");
    }

    private static string Random() => new([.. RandomNumberGenerator.GetBytes(32).Select(value => (char)(33 + (value % 94)))]);

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
