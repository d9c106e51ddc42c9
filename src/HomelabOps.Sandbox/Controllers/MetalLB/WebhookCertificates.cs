using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Controllers.MetalLB;

/// <summary>The certificates of MetalLB's webhook in their Secret: made, and looked at, as its rotator does.</summary>
internal static class WebhookCertificates
{
    private static readonly TimeSpan Lookahead = TimeSpan.FromDays(90);

    /// <summary>What a Secret has to hold: itself when all is right, else a pair that is made anew, below its own authority where that is right.</summary>
    /// <param name="data">Fields of the Secret, in Base64.</param>
    /// <param name="host">The name that clients use.</param>
    /// <param name="now">Time of the homelab.</param>
    /// <param name="keys">Where keys come from.</param>
    public static JsonObject Renew(JsonObject? data, string host, DateTimeOffset now, KeySupply keys)
    {
        using var authority = Authority(data, now);
        if (authority is not null && IsServing(data!, authority, host, now))
        {
            return data!;
        }

        using var issuer = authority ?? NewAuthority(now, now.AddYears(10), keys);
        var end = new DateTimeOffset(issuer.NotAfter.ToUniversalTime());
        return Issue(issuer, host, now, now.AddYears(1) < end ? now.AddYears(1) : end, keys);
    }

    /// <summary>A pair that ends at a given time, with an authority of its own.</summary>
    public static JsonObject New(string host, DateTimeOffset from, DateTimeOffset until)
    {
        var keys = new KeySupply();
        using var authority = NewAuthority(from, until, keys);
        return Issue(authority, host, from, until, keys);
    }

    private static JsonObject Issue(X509Certificate2 authority, string host, DateTimeOffset from, DateTimeOffset until, KeySupply keys)
    {
        using var key = keys.Take();
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1")], false));
        using var certificate = request.Create(authority, from.AddHours(-1), until, RandomNumberGenerator.GetBytes(12));
        using var authorityKey = authority.GetRSAPrivateKey()!;
        return new()
        {
            ["ca.crt"] = Encode(authority.ExportCertificatePem()),
            ["ca.key"] = Encode(authorityKey.ExportRSAPrivateKeyPem()),
            ["tls.crt"] = Encode(certificate.ExportCertificatePem()),
            ["tls.key"] = Encode(key.ExportRSAPrivateKeyPem()),
        };
    }

    private static X509Certificate2 NewAuthority(DateTimeOffset from, DateTimeOffset until, KeySupply keys)
    {
        using var key = keys.Take();
        var request = new CertificateRequest("O=metallb, CN=cert", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("cert");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));

        // A second longer than what it signs: .NET compares in whole seconds.
        return request.CreateSelfSigned(from.AddHours(-1).AddSeconds(-1), until.AddSeconds(1));
    }

    // The rotator reads keys in PKCS#1 only; any other is as good as none.
    private static X509Certificate2? Authority(JsonObject? data, DateTimeOffset now)
    {
        try
        {
            var (certificate, key) = (Field(data, "ca.crt"), Field(data, "ca.key"));
            if (!key.Contains("BEGIN RSA PRIVATE KEY", StringComparison.Ordinal))
            {
                return null;
            }

            var authority = X509Certificate2.CreateFromPem(certificate, key);
            if (authority.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault()?.CertificateAuthority == true && (now + Lookahead).UtcDateTime < authority.NotAfter.ToUniversalTime())
            {
                return authority;
            }

            authority.Dispose();
            return null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static bool IsServing(JsonObject data, X509Certificate2 authority, string host, DateTimeOffset now)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(Field(data, "tls.crt"), Field(data, "tls.key"));
            return WebhookHandshake.IsSigned(certificate, [authority], now + Lookahead) && certificate.MatchesHostname(host, allowWildcards: false, allowCommonName: false);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>A field that is Base64 of a text; empty where it is not there, or is no such thing.</summary>
    public static string Field(JsonNode? data, string name)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String((string?)data?[name] ?? ""));
        }
        catch (FormatException)
        {
            return "";
        }
    }

    private static string Encode(string pem) => Convert.ToBase64String(Encoding.UTF8.GetBytes(pem + "\n"));
}
