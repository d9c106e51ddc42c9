using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HomelabOps.Sandbox.Api.Objects;

namespace HomelabOps.Sandbox.Controllers.MetalLB;

/// <summary>What an API server says of the certificate of a webhook, in the order and the words of Go.</summary>
internal static class WebhookHandshake
{
    private const string Failed = "tls: failed to verify certificate: x509: ";

    /// <summary>Why a certificate is not accepted; null for one that is.</summary>
    /// <param name="certificate">What the server shows, as PEM.</param>
    /// <param name="authorities">The caBundle as PEM; where it is empty the authorities of the machine would count, which sign no webhook.</param>
    /// <param name="host">The name that is called.</param>
    /// <param name="now">Time of the homelab.</param>
    public static string? Refusal(string certificate, string authorities, string host, DateTimeOffset now)
    {
        var trusted = new X509Certificate2Collection();
        X509Certificate2? shown = null;
        try
        {
            trusted.ImportFromPem(authorities);
            if (authorities.Length > 0 && trusted.Count == 0)
            {
                return "unable to load root certificates: unable to parse bytes as PEM block";
            }

            shown = X509Certificate2.CreateFromPem(certificate);
            return Expiry(shown, now) ?? Name(shown, host) ?? (IsSigned(shown, trusted, now) ? null : $"{Failed}certificate signed by unknown authority");
        }
        catch (CryptographicException)
        {
            // A controller with such a file does not listen with it, and a bundle of that kind signs nothing.
            return shown is null && trusted.Count > 0 ? "remote error: tls: internal error" : $"{Failed}certificate signed by unknown authority";
        }
        finally
        {
            shown?.Dispose();
            foreach (var authority in trusted)
            {
                authority.Dispose();
            }
        }
    }

    private static string? Expiry(X509Certificate2 shown, DateTimeOffset now)
    {
        var (from, until) = (new DateTimeOffset(shown.NotBefore.ToUniversalTime()), new DateTimeOffset(shown.NotAfter.ToUniversalTime()));
        return now >= from && now <= until ? null
            : $"{Failed}certificate has expired or is not yet valid: current time {Timestamps.Format(now)} is {(now < from ? "before" : "after")} {Timestamps.Format(now < from ? from : until)}";
    }

    private static string? Name(X509Certificate2 shown, string host)
    {
        if (shown.MatchesHostname(host, allowWildcards: true, allowCommonName: false))
        {
            return null;
        }

        var names = shown.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames()).ToArray();
        return names.Length > 0 ? $"{Failed}certificate is valid for {string.Join(", ", names)}, not {host}"
            : shown.GetNameInfo(X509NameType.SimpleName, forIssuer: false).Length > 0 ? $"{Failed}certificate relies on legacy Common Name field, use SANs instead"
            : $"{Failed}certificate is not valid for any names, but wanted to match {host}";
    }

    /// <summary>Whether a certificate is of one of some authorities, and all of them are valid at a time.</summary>
    public static bool IsSigned(X509Certificate2 shown, X509Certificate2Collection trusted, DateTimeOffset now) => trusted.Any(authority => IsSigned(shown, authority, now));

    // One after the other: of several of the same name a chain looks at the first only, where Go tries them all.
    private static bool IsSigned(X509Certificate2 shown, X509Certificate2 authority, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        return chain.Build(shown);
    }
}
