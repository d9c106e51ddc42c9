using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using LibGit2Sharp;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>What the Secret of a source has for a server: who logs in, and whose certificates count.</summary>
internal sealed record GitLogin
{
    private X509Certificate2Collection Authorities { get; init; } = [];

    /// <summary>User and password.</summary>
    public required UsernamePasswordCredentials Credentials { get; init; }

    /// <summary>Reads a Secret.</summary>
    public static GitLogin Of(JsonObject secret)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(Data("ca.crt") is { Length: > 0 } pem ? pem : Data("caFile"));
        return new() { Credentials = new() { Username = Data("username"), Password = Data("password") }, Authorities = authorities };

        string Data(string key) => Cells.Text(secret["data"], key) is { Length: > 0 } text ? Encoding.UTF8.GetString(Convert.FromBase64String(text)) : "";
    }

    /// <summary>Whether a server is the one that it says: by the authorities of the system, or where the Secret has some by those.</summary>
    public bool Trusts(Certificate certificate, bool valid, string host)
    {
        if (Authorities.Count == 0 || certificate is not CertificateX509 { Certificate: { } shown })
        {
            return valid;
        }

        using var server = new X509Certificate2(shown);
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        chain.ChainPolicy.CustomTrustStore.AddRange(Authorities);
        return chain.Build(server) && server.MatchesHostname(host);
    }
}
