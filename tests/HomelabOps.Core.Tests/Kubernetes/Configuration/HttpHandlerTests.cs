using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using HomelabOps.Core.Kubernetes.Configuration;
using k8s;
using static HomelabOps.Core.Tests.Kubernetes.Configuration.TestCertificates;

namespace HomelabOps.Core.Tests.Kubernetes.Configuration;

/// <summary>Against a real TLS server on loopback.</summary>
public sealed class HttpHandlerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_server_of_the_clusters_authority_is_trusted()
    {
        using X509Certificate2 certificate = Issue("CN=server", Authority);
        await using var server = new TestApiServer(certificate);
        ClusterEndpoint endpoint = await Ask(server, Ca(Authority));
        Assert.Equal(TlsFailure.None, endpoint.ServerCertificate.Failure);
        Assert.Equal(certificate.NotAfter.ToUniversalTime(), endpoint.ServerCertificate.NotAfter);
        Assert.Equal("CN=server", endpoint.ServerCertificate.Subject);
        Assert.Equal(["localhost", "127.0.0.1"], endpoint.ServerCertificate.Names);
        Assert.Contains("Authorization: Bearer t", (await AskWithToken(server)).Request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Intermediates_may_come_from_the_server_or_the_kubeconfig()
    {
        using X509Certificate2 certificate = Issue("CN=server", Intermediate);
        await using (var server = new TestApiServer(certificate, false, Intermediate))
        {
            Assert.Equal(TlsFailure.None, (await Ask(server, Ca(Authority))).ServerCertificate.Failure);
        }

        await using (var server = new TestApiServer(certificate))
        {
            Assert.Equal(TlsFailure.None, (await Ask(server, Ca(Authority, Intermediate))).ServerCertificate.Failure);
            Assert.Equal(TlsFailure.None, (await Ask(server, Ca(Intermediate))).ServerCertificate.Failure);
            Assert.Equal(TlsFailure.None, (await Ask(server, Ca(OtherAuthority, certificate))).ServerCertificate.Failure);
            Assert.Equal(TlsFailure.UntrustedIssuer, (await Refused(server, Ca(Authority))).ServerCertificate.Failure);
        }
    }

    [Fact]
    public async Task A_self_signed_server_that_is_listed_is_trusted()
    {
        using X509Certificate2 certificate = Issue("CN=self", null);
        await using var server = new TestApiServer(certificate);
        Assert.Equal(TlsFailure.None, (await Ask(server, Ca(certificate))).ServerCertificate.Failure);
        Assert.Equal(TlsFailure.UntrustedIssuer, (await Refused(server, Ca(Authority))).ServerCertificate.Failure);
        Assert.Equal(TlsFailure.UntrustedIssuer, (await Refused(server, "")).ServerCertificate.Failure);
    }

    [Fact]
    public async Task A_forged_issuer_is_not_trusted()
    {
        // The right names with the wrong keys: only the signature tells.
        using X509Certificate2 forgedRoot = CreateAuthority(Authority.Subject);
        using X509Certificate2 forgedIntermediate = CreateAuthority(Intermediate.Subject, Authority);
        using X509Certificate2 underRoot = Issue("CN=server", forgedRoot);
        using X509Certificate2 underIntermediate = Issue("CN=server", forgedIntermediate);
        using X509Certificate2 copy = WithKeyIdentifierOf(Intermediate, forgedIntermediate);
        await using (var server = new TestApiServer(underRoot))
        {
            Assert.Equal(TlsFailure.UntrustedIssuer, (await Refused(server, Ca(Authority))).ServerCertificate.Failure);
        }

        await using (var server = new TestApiServer(underIntermediate))
        {
            Assert.Equal(TlsFailure.UntrustedIssuer, (await Refused(server, Ca(Intermediate))).ServerCertificate.Failure);
        }

        await using (var server = new TestApiServer(copy))
        {
            Assert.Equal(TlsFailure.UntrustedIssuer, (await Refused(server, Ca(Intermediate))).ServerCertificate.Failure);
        }
    }

    [Fact]
    public async Task Each_reason_is_told_apart()
    {
        using X509Certificate2 expired = Issue("CN=server", Authority, until: DateTimeOffset.UtcNow.AddHours(-1));
        using X509Certificate2 early = Issue("CN=server", Authority, from: DateTimeOffset.UtcNow.AddHours(2));
        using X509Certificate2 elsewhere = Issue("CN=server", Authority, hosts: ["192.168.1.10", "k3s.lan"]);
        using X509Certificate2 client = Issue("CN=server", Authority, server: false);
        (X509Certificate2 Certificate, string Cluster, TlsFailure Expected)[] cases =
        [
            (expired, Ca(Authority), TlsFailure.Expired),
            (expired, Ca(expired), TlsFailure.Expired),
            (expired, Ca(OtherAuthority), TlsFailure.UntrustedIssuer),
            (early, Ca(Authority), TlsFailure.NotYetValid),
            (elsewhere, Ca(Authority), TlsFailure.WrongHost),
            (elsewhere, Ca(OtherAuthority), TlsFailure.UntrustedIssuer),
            (client, Ca(Authority), TlsFailure.Other),
        ];
        foreach ((X509Certificate2 certificate, string cluster, TlsFailure expected) in cases)
        {
            await using var server = new TestApiServer(certificate);
            ClusterEndpoint endpoint = await Refused(server, cluster);
            Assert.Equal(expected, endpoint.ServerCertificate.Failure);
            Assert.Equal(certificate.NotAfter.ToUniversalTime(), endpoint.ServerCertificate.NotAfter);
            Assert.NotEmpty(endpoint.ServerCertificate.Detail);
        }
    }

    [Fact]
    public async Task Verification_is_skipped_only_when_the_kubeconfig_says_so()
    {
        await using var server = new TestApiServer(Issue("CN=server", null, hosts: ["elsewhere.lan"]));
        ClusterEndpoint endpoint = await Ask(server, "insecure-skip-tls-verify: true");
        Assert.True(endpoint.SkipTlsVerify);
        Assert.NotNull(endpoint.ServerCertificate.NotAfter);
        Assert.False((await Refused(server, "insecure-skip-tls-verify: false")).SkipTlsVerify);
    }

    [Fact]
    public async Task The_tls_server_name_is_sent_and_checked()
    {
        await using var server = new TestApiServer(Issue("CN=server", Authority, hosts: ["kubernetes.default"]));
        await Ask(server, Ca(Authority) + "\n    tls-server-name: kubernetes.default");
        Assert.Equal("kubernetes.default", server.ServerNameIndication);
        Assert.Equal(TlsFailure.WrongHost, (await Refused(server, Ca(Authority) + "\n    tls-server-name: other.default")).ServerCertificate.Failure);
        Assert.Equal(TlsFailure.WrongHost, (await Refused(server, Ca(Authority))).ServerCertificate.Failure);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_client_certificate_is_shown(bool rsa)
    {
        using X509Certificate2 certificate = Issue("CN=admin", Authority, server: false, rsa: rsa);
        string key = rsa ? certificate.GetRSAPrivateKey()!.ExportRSAPrivateKeyPem() : certificate.GetECDsaPrivateKey()!.ExportECPrivateKeyPem();
        await using var server = new TestApiServer(Issue("CN=server", Authority, rsa: rsa), requireClient: true);
        string user = $"client-certificate-data: {Base64(certificate.ExportCertificatePem() + "\n" + Authority.ExportCertificatePem())}\n    client-key-data: {Base64(key)}";
        await Ask(server, Ca(Authority), user);
        Assert.Equal(certificate.Thumbprint, server.ClientThumbprint);
        await Refused(server, Ca(Authority));
    }

    [Fact]
    public async Task KubernetesClient_goes_the_same_way()
    {
        using X509Certificate2 certificate = Issue("CN=server", Intermediate, hosts: ["kubernetes.default"]);
        await using var server = new TestApiServer(certificate, requireClient: true);
        string user = $"client-certificate-data: {ClientData}\n    client-key-data: {ClientKeyData}\n    token: shared\n    as: alice";
        ClusterEndpoint endpoint = Resolve(KubeConfigSamples.Simple(user, Ca(Intermediate) + "\n    tls-server-name: kubernetes.default", server.Address));

        using k8s.Kubernetes client = KubernetesClientFactory.Create(endpoint);
        k8s.Models.VersionInfo version = await client.Version.GetCodeAsync(Cancellation);

        Assert.Equal("34", version.Minor);
        Assert.Equal(Client.Thumbprint, server.ClientThumbprint);
        Assert.Contains("Authorization: Bearer shared", server.Request, StringComparison.Ordinal);
        Assert.Contains("Impersonate-User: alice", server.Request, StringComparison.Ordinal);
        Assert.Equal(certificate.NotAfter.ToUniversalTime(), endpoint.ServerCertificate.NotAfter);

        endpoint = Resolve(KubeConfigSamples.Simple(user, Ca(OtherAuthority), server.Address));
        using k8s.Kubernetes refused = KubernetesClientFactory.Create(endpoint);
        await Assert.ThrowsAsync<HttpRequestException>(() => refused.Version.GetCodeAsync(Cancellation));
        Assert.Equal(TlsFailure.UntrustedIssuer, endpoint.ServerCertificate.Failure);
    }

    [Theory]
    [InlineData("http", "CONNECT 10.255.255.1:6443 HTTP/1.1")]
    [InlineData("socks5", "\u0005")]
    [InlineData("socks5h", "\u0005")]
    public async Task The_clusters_proxy_is_used(string scheme, string greeting)
    {
        using var proxy = new TcpListener(IPAddress.Loopback, 0);
        proxy.Start();
        Task<string> seen = FirstBytes(proxy);
        ClusterEndpoint endpoint = Resolve(KubeConfigSamples.Simple(
            "token: t", $"proxy-url: {scheme}://user:p%40ss@127.0.0.1:{((IPEndPoint)proxy.LocalEndpoint).Port}", "https://10.255.255.1:6443"));
        using var client = new HttpClient(HttpHandlerFactory.Create(endpoint)) { Timeout = TimeSpan.FromSeconds(20) };
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(endpoint.Server, Cancellation));
        Assert.StartsWith(greeting, await seen, StringComparison.Ordinal);
    }

    [Fact]
    public void The_handler_neither_follows_nor_keeps_anything()
    {
        ClusterEndpoint endpoint = Resolve(KubeConfigSamples.Simple("token: t", "disable-compression: true"));
        endpoint.ConnectTimeout = TimeSpan.FromSeconds(3);
        using SocketsHttpHandler handler = HttpHandlerFactory.Create(endpoint);
        Assert.False(handler.AllowAutoRedirect);
        Assert.False(handler.UseCookies);
        Assert.True(handler.UseProxy);
        Assert.Equal(DecompressionMethods.None, handler.AutomaticDecompression);
        Assert.Equal(TimeSpan.FromSeconds(3), handler.ConnectTimeout);
        Assert.Equal(TimeSpan.FromSeconds(30), handler.KeepAlivePingDelay);
    }

    private static async Task<string> FirstBytes(TcpListener listener)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(Cancellation);
        byte[] buffer = new byte[512];
        int read = await client.GetStream().ReadAsync(buffer, Cancellation);

        // So that the handler's second try is refused at once.
        listener.Stop();
        return Encoding.ASCII.GetString(buffer, 0, read);
    }

    private static string Ca(params ReadOnlySpan<X509Certificate2> certificates)
    {
        var text = new StringBuilder();
        foreach (X509Certificate2 certificate in certificates)
        {
            text.Append(certificate.ExportCertificatePem()).Append('\n');
        }

        return $"certificate-authority-data: {Base64(text.ToString())}";
    }

    /// <summary>A server certificate that names the key of one authority and is signed by another of the same name.</summary>
    private static X509Certificate2 WithKeyIdentifierOf(X509Certificate2 named, X509Certificate2 signer)
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(named.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single()));
        using X509Certificate2 signed = request.Create(
            named.SubjectName, X509SignatureGenerator.CreateForECDsa(signer.GetECDsaPrivateKey()!), Start, DateTimeOffset.UtcNow.AddYears(1), [7, 7, 7]);
        return signed.CopyWithPrivateKey(key);
    }

    private async Task<TestApiServer> AskWithToken(TestApiServer server)
    {
        ClusterEndpoint endpoint = Resolve(KubeConfigSamples.Simple("token: t", Ca(Authority), server.Address));
        using var client = new HttpClient(HttpHandlerFactory.Create(endpoint)) { Timeout = TimeSpan.FromSeconds(20) };
        client.DefaultRequestHeaders.Authorization = await endpoint.Credentials.GetAsync(refresh: false, Cancellation);
        await client.GetStringAsync(endpoint.Server, Cancellation);
        return server;
    }

    private async Task<ClusterEndpoint> Ask(TestApiServer server, string cluster, string user = "token: t")
    {
        ClusterEndpoint endpoint = Resolve(KubeConfigSamples.Simple(user, cluster, server.Address));
        using var client = new HttpClient(HttpHandlerFactory.Create(endpoint)) { Timeout = TimeSpan.FromSeconds(20) };
        Assert.Contains("gitVersion", await client.GetStringAsync(endpoint.Server, Cancellation), StringComparison.Ordinal);
        return endpoint;
    }

    private async Task<ClusterEndpoint> Refused(TestApiServer server, string cluster)
    {
        ClusterEndpoint endpoint = Resolve(KubeConfigSamples.Simple("token: t", cluster, server.Address));
        using var client = new HttpClient(HttpHandlerFactory.Create(endpoint)) { Timeout = TimeSpan.FromSeconds(20) };
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync(endpoint.Server, Cancellation));
        return endpoint;
    }

    private ClusterEndpoint Resolve(string text) => ClusterEndpoint.Resolve(KubeConfig.Load([KubeConfigSamples.Write(_folder, text)]), null);
}
