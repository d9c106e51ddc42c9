using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HomelabOps.Core.MetalLB;

/// <summary>Looks at a server's certificate as crypto/x509 of Go does.</summary>
internal static class ServerVerifier
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string AnyUsage = "2.5.29.37.0";

    /// <summary>The DNS names that a certificate is for.</summary>
    public static IReadOnlyList<string> Names(X509Certificate2 certificate) =>
        [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames())];

    /// <summary>The certificates from the server's own to the one that is trusted, whatever the time; empty when none leads there.</summary>
    /// <param name="chain">The server's certificate, and others that it shows behind it.</param>
    /// <param name="trusted">What is trusted.</param>
    public static IReadOnlyList<X509Certificate2> Path(IReadOnlyList<X509Certificate2> chain, IReadOnlyCollection<X509Certificate2> trusted)
    {
        using var built = new X509Chain();
        built.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        built.ChainPolicy.CustomTrustStore.AddRange(trusted.ToArray());
        built.ChainPolicy.ExtraStore.AddRange(chain.Skip(1).ToArray());
        built.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        built.ChainPolicy.DisableCertificateDownloads = true;

        // Time is told apart: a certificate that is past its date may still be the right one.
        built.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return built.Build(chain[0]) ? [.. built.ChainElements.Select(element => element.Certificate)] : [];
    }

    /// <summary>Whether its alternative names have a host; the common name does not count.</summary>
    public static bool HasName(X509Certificate2 certificate, string host) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Any() && certificate.MatchesHostname(host, allowWildcards: true, allowCommonName: false);

    /// <summary>Whether it may sign others. One that does not say so may not.</summary>
    public static bool IsAuthority(X509Certificate2 certificate) => certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);

    /// <summary>Whether servers may use it. Without the extension a certificate is for everything.</summary>
    public static bool IsForServers(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is not { } usage
            || usage.EnhancedKeyUsages.OfType<Oid>().Any(oid => oid.Value is ServerAuthentication or AnyUsage);
}
