using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using HomelabOps.Core.MetalLB;

namespace HomelabOps.Core.Tests.MetalLB;

/// <summary>The certificate as others see it: openssl, and what Go and MetalLB's rotator look for.</summary>
public sealed class IssuedPairTests : IDisposable
{
    private const string Other = "webhook-service.metallb-system.svc";

    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-pair-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task OpenSSL_accepts_chain_names_purpose_and_keys()
    {
        using var pair = await IssuedPair.MakeAsync([TestPair.Host, Other], 4096, 3650, DateTimeOffset.UtcNow);
        Write("ca.crt", pair.Authority);
        Write("tls.crt", pair.CertificatePem);
        foreach (var host in new[] { TestPair.Host, Other })
        {
            Assert.Contains("tls.crt: OK", OpenSsl("verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", host, "-CAfile", Path("ca.crt"), Path("tls.crt")), StringComparison.Ordinal);
        }

        Assert.Contains("hostname mismatch", OpenSsl("verify", "-verify_hostname", "elsewhere.metallb-system.svc", "-CAfile", Path("ca.crt"), Path("tls.crt")), StringComparison.Ordinal);
        Assert.Contains("CA:TRUE", OpenSsl("x509", "-in", Path("ca.crt"), "-noout", "-text"), StringComparison.Ordinal);
        var text = OpenSsl("x509", "-in", Path("tls.crt"), "-noout", "-text");
        Assert.All([$"DNS:{TestPair.Host}", $"DNS:{Other}", "CA:FALSE", "TLS Web Server Authentication", "Public-Key: (4096 bit)", "sha256WithRSAEncryption"], part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task OpenSSL_reads_both_keys_as_PKCS1_and_they_fit()
    {
        using var pair = await IssuedPair.MakeAsync([TestPair.Host], 2048, 30, DateTimeOffset.UtcNow);
        foreach (var (key, certificate) in new[] { (pair.Key, pair.CertificatePem), (pair.AuthorityKey, pair.Authority) })
        {
            Assert.StartsWith("-----BEGIN RSA PRIVATE KEY-----\n", Encoding.UTF8.GetString(key), StringComparison.Ordinal);
            Write("tls.crt", certificate);
            var said = OpenSslWith(key, "rsa", "-traditional", "-modulus", "-noout", "-check");
            Assert.Contains("RSA key ok", said, StringComparison.Ordinal);
            Assert.Contains(OpenSsl("x509", "-in", Path("tls.crt"), "-noout", "-modulus").Trim(), said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task It_is_what_the_rotator_of_MetalLB_would_keep()
    {
        using var pair = await IssuedPair.MakeAsync([TestPair.Host], 2048, 3650, TestPair.Now);
        using var authority = X509CertificateLoader.LoadCertificate(Encoding.UTF8.GetString(pair.Authority) is var pem ? PemBytes(pem) : []);
        Assert.Equal(("CN=cert, O=metallb", "CN=cert, O=metallb"), (authority.Subject, authority.Issuer));
        Assert.Equal(["cert"], ServerVerifier.Names(authority));
        var data = new Dictionary<string, byte[]?> { ["ca.crt"] = pair.Authority, ["ca.key"] = pair.AuthorityKey, ["tls.crt"] = pair.CertificatePem, ["tls.key"] = pair.Key };
        Assert.Equal("", MetalLBWebhookJudge.Judge(MetalLBSample.Facts(data), TestPair.Now).Reason);
        Assert.Equal("", MetalLBWebhookJudge.Judge(MetalLBSample.Facts(data), TestPair.Now.AddDays(3650 - 92)).Reason);
        Assert.Equal("Expired", MetalLBWebhookJudge.Judge(MetalLBSample.Facts(data), TestPair.Now.AddDays(3651)).Reason);
    }

    [Fact]
    public async Task A_host_may_be_longer_than_a_subject()
    {
        var host = new string('a', 63) + ".metallb-system.svc";
        using var pair = await IssuedPair.MakeAsync([host], 2048, 30, TestPair.Now);
        Assert.Equal("O=metallb", pair.Certificate.Subject);
        Assert.True(ServerVerifier.HasName(pair.Certificate, host));
    }

    [Fact]
    public async Task Keys_are_wiped()
    {
        var pair = await IssuedPair.MakeAsync([TestPair.Host], 2048, 30, TestPair.Now);
        var (key, authorityKey) = (pair.Key, pair.AuthorityKey);
        Assert.Contains(key, value => value != 0);
        pair.Dispose();
        Assert.All(key.Concat(authorityKey), value => Assert.Equal(0, value));
    }

    private static byte[] PemBytes(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return certificate.RawData;
    }

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private void Write(string name, byte[] content) => File.WriteAllBytes(Path(name), content);

    private static string OpenSsl(params string[] arguments) => OpenSslWith([], arguments);

    // Keys go through standard input, so that not even a test puts one on the disk.
    private static string OpenSslWith(byte[] input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output + errors.GetAwaiter().GetResult();
    }
}
