using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace HomelabOps.Core.Tests.MetalLB;

/// <summary>An authority and what it signed, good or bad in the ways that a test asks for.</summary>
internal sealed record TestPair
{
    public const string Host = "metallb-webhook-service.metallb-system.svc";

    public static DateTimeOffset Now { get; } = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The alternative names; null for none at all.</summary>
    public IReadOnlyList<string>? Names { get; init; } = [Host];

    /// <summary>The extended key usage; null for none at all.</summary>
    public string? Usage { get; init; } = "1.3.6.1.5.5.7.3.1";

    public DateTimeOffset From { get; init; } = Now.AddDays(-1);

    public DateTimeOffset Until { get; init; } = Now.AddYears(1);

    public DateTimeOffset AuthorityUntil { get; init; } = Now.AddYears(10);

    /// <summary>Whether the authority says that it may sign.</summary>
    public bool IsAuthority { get; init; } = true;

    /// <summary>The fields of a Secret.</summary>
    public Dictionary<string, byte[]?> Data()
    {
        using var authorityKey = RSA.Create(2048);
        var authority = new CertificateRequest("CN=cert, O=metallb", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(IsAuthority, false, 0, true));
        using var issuer = authority.CreateSelfSigned(From.AddSeconds(-1), AuthorityUntil > Until ? AuthorityUntil : Until);
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        if (Names is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (var name in Names)
            {
                names.AddDnsName(name);
            }

            request.CertificateExtensions.Add(names.Build());
        }

        if (Usage is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(Usage)], false));
        }

        using var certificate = request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForRSA(authorityKey, RSASignaturePadding.Pkcs1), From, Until, [1, 2, 3, 4]);
        return new()
        {
            ["ca.crt"] = Encoding.UTF8.GetBytes(issuer.ExportCertificatePem()),
            ["ca.key"] = Encoding.UTF8.GetBytes(authorityKey.ExportRSAPrivateKeyPem()),
            ["tls.crt"] = Encoding.UTF8.GetBytes(certificate.ExportCertificatePem()),
            ["tls.key"] = Encoding.UTF8.GetBytes(key.ExportRSAPrivateKeyPem()),
        };
    }
}
