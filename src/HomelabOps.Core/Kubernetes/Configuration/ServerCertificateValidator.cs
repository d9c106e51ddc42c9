using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>Decides about a server's certificate and keeps the reason, which the exception of the handshake does not tell.</summary>
internal sealed class ServerCertificateValidator(ClusterEndpoint endpoint)
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    // What only says that the chain does not end at a root; for an authority that is no root (Go accepts any) that is no fault.
    private const X509ChainStatusFlags Incomplete = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot;

    /// <summary>
    /// By what the handshake builds the chain: the authorities of the kubeconfig alone, when it names some. The system's are
    /// not even read then, which is half of the time of a first handshake.
    /// </summary>
    public X509ChainPolicy? Policy()
    {
        if (endpoint.CertificateAuthorities is null && !endpoint.SkipTlsVerify)
        {
            return null;
        }

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(endpoint.CertificateAuthorities ?? []);
        policy.ApplicationPolicy.Add(ServerAuthentication);
        return policy;
    }

    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 server || chain is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            endpoint.ServerCertificate.Set(null, null, [], TlsFailure.NoCertificate, "");
            return false;
        }

        (TlsFailure failure, string detail) = endpoint.SkipTlsVerify ? (TlsFailure.None, "") : Judge(server, chain, errors);
        endpoint.ServerCertificate.Set(server.NotAfter.ToUniversalTime(), server.Subject, Names(server), failure, detail);
        return failure == TlsFailure.None;
    }

    private (TlsFailure Failure, string Detail) Judge(X509Certificate2 server, X509Chain chain, SslPolicyErrors errors)
    {
        (TlsFailure failure, string detail) = !errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) ? (TlsFailure.None, "")
            : endpoint.CertificateAuthorities is { } authorities ? JudgeByAuthorities(chain, authorities)
            : Explain(chain, chain.ChainElements.Count);

        // With tls-server-name the name that the handshake was made with may be another one (through a proxy).
        bool wrongHost = endpoint.TlsServerName is { } name
            ? !server.MatchesHostname(name, allowCommonName: false)
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch);
        return failure == TlsFailure.None && wrongHost
            ? (TlsFailure.WrongHost, server.Subject)
            : (failure, detail);
    }

    private static (TlsFailure Failure, string Detail) JudgeByAuthorities(X509Chain chain, X509Certificate2Collection authorities)
    {
        // The chain up to an authority that the user listed is what counts; what is above it does not matter.
        int anchor = 0;
        while (anchor < chain.ChainElements.Count && !authorities.Any(authority => authority.RawDataMemory.Span.SequenceEqual(chain.ChainElements[anchor].Certificate.RawDataMemory.Span)))
        {
            anchor++;
        }

        return anchor == chain.ChainElements.Count ? ExplainUntrusted(chain) : Explain(chain, anchor + 1, Incomplete);
    }

    private static (TlsFailure Failure, string Detail) ExplainUntrusted(X509Chain chain)
    {
        (TlsFailure failure, string detail) = Explain(chain, chain.ChainElements.Count);

        // No authority in the chain: whatever else is wrong, the issuer is what has to be put right first.
        return (TlsFailure.UntrustedIssuer, failure == TlsFailure.None ? chain.ChainElements[^1].Certificate.Issuer : detail);
    }

    private static (TlsFailure Failure, string Detail) Explain(X509Chain chain, int count, X509ChainStatusFlags ignored = X509ChainStatusFlags.NoError)
    {
        (TlsFailure Failure, string Detail) worst = (TlsFailure.None, "");
        for (int i = 0; i < count; i++)
        {
            X509Certificate2 certificate = chain.ChainElements[i].Certificate;
            foreach (X509ChainStatus status in chain.ChainElements[i].ChainElementStatus)
            {
                X509ChainStatusFlags flag = status.Status & ~ignored;
                TlsFailure failure = flag switch
                {
                    X509ChainStatusFlags.NoError => TlsFailure.None,
                    X509ChainStatusFlags.NotTimeValid => certificate.NotBefore > DateTime.Now ? TlsFailure.NotYetValid : TlsFailure.Expired,
                    X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain or X509ChainStatusFlags.NotSignatureValid => TlsFailure.UntrustedIssuer,
                    _ => TlsFailure.Other,
                };

                // An issuer that nobody trusts comes first: what its certificates say about dates means nothing.
                if (failure != TlsFailure.None && (worst.Failure == TlsFailure.None || failure == TlsFailure.UntrustedIssuer))
                {
                    worst = (failure, $"{certificate.Subject}: {status.StatusInformation.Trim()}");
                }
            }
        }

        return worst;
    }

    private static List<string> Names(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault() is { } names
            ? [.. names.EnumerateDnsNames(), .. names.EnumerateIPAddresses().Select(address => address.ToString())]
            : [];
}
