using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>Kubeconfigs and servers that cannot be used, without a lab: each is one error with the id of the help page.</summary>
public sealed class ConnectionErrorTests : IDisposable
{
    private readonly Engine _engine = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("clusters: [\n", "KubeConfigInvalid")]
    [InlineData("just text\n", "KubeConfigInvalid")]
    [InlineData("a: [1\nb: {", "KubeConfigInvalid")]
    public void A_broken_kubeconfig_is_told_with_file_and_place(string text, string id)
    {
        var error = Connect(text, id);

        Assert.Contains(Path.Combine(_folder.Path, "config"), error, StringComparison.Ordinal);
        Assert.Matches("[Ll]ine [0-9]+", error);
    }

    [Theory]
    [InlineData("client-certificate-data: bm9uc2Vuc2U=\n    client-key-data: bm9uc2Vuc2U=", "CredentialInvalid")]
    [InlineData("client-certificate: ./no-such.crt\n    client-key: ./no-such.key", "CredentialFileNotFound")]
    [InlineData("tokenFile: ./no-such-token", "CredentialFileNotFound")]
    [InlineData("client-certificate: .\n    client-key: .", "CredentialFileUnreadable")]
    [InlineData("auth-provider: { name: gcp }", "AuthProviderUnsupported")]
    [InlineData("exec: { apiVersion: client.authentication.k8s.io/v1, command: no-such-plugin-anywhere, interactiveMode: Never }", "ExecPluginNotFound")]
    [InlineData("exec: { apiVersion: client.authentication.k8s.io/v1, command: 'false', interactiveMode: Never }", "ExecPluginFailed")]
    public void A_user_that_cannot_log_in_is_named(string user, string id) =>
        Assert.Contains("'u'", Connect(KubeConfigs.Of("http://127.0.0.1:1", user: user), id), StringComparison.Ordinal);

    [Fact]
    public void A_context_whose_user_does_not_exist_is_incomplete() =>
        Assert.Contains("nobody", Connect(KubeConfigs.Of("http://127.0.0.1:1", contextUser: "nobody"), "ContextIncomplete"), StringComparison.Ordinal);

    [Fact]
    public void A_context_that_does_not_exist_is_answered_with_those_that_do()
    {
        var file = _folder.File("config", KubeConfigs.Of("http://127.0.0.1:1"));

        var result = _engine.Run("Get-HomelabPod -KubeConfig $file -Context two", ("file", file));

        Assert.Equal(["ContextNotFound"], result.ErrorIds);
        Assert.Contains("'one'", result.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_no_kubeconfig() =>
        Assert.All(
        new[] { "Connect-Homelab $file", "Get-HomelabPod -KubeConfig $file" },
        script =>
        {
            var result = _engine.Run(script, ("file", _folder.Path));

            Assert.Equal(["KubeConfigIsFolder"], result.ErrorIds);
            Assert.Contains($"{_folder.Path} is a folder", result.Errors[0].ToString(), StringComparison.Ordinal);
        });

    [Fact]
    public void A_missing_kubeconfig_is_named() =>
        Assert.Equal(["KubeConfigNotFound"], _engine.Run("Get-HomelabPod -KubeConfig $file", ("file", Path.Combine(_folder.Path, "none"))).ErrorIds);

    [Fact]
    public void A_server_that_fails_again_and_again_is_told_with_its_status()
    {
        using var server = new LoopbackServer(_ => (503, LoopbackServer.Status(503, "etcd is on holiday")));

        var error = Connect(KubeConfigs.Of(server.Url), "ClusterError");

        Assert.Contains("503", error, StringComparison.Ordinal);
        Assert.Contains("etcd is on holiday", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_speaks_no_TLS_is_no_secure_connection()
    {
        using var server = new LoopbackServer(answer: null, greeting: "SSH-2.0-OpenSSH_9.2\r\n");

        Connect(KubeConfigs.Of($"https://127.0.0.1:{server.Port}"), "SecureConnectionFailed");
    }

    [Theory]
    [InlineData("<html><body>Welcome to your router</body></html>", "ResponseInvalid")]
    [InlineData("{}", "ResponseInvalid")]
    [InlineData("""{"major":"1"}""", "ResponseInvalid")]
    [InlineData("""{"gitVersion":null}""", "ResponseInvalid")]
    [InlineData("""{"gitVersion":""}""", "ResponseInvalid")]
    public void A_web_server_that_is_no_API_server_is_recognised(string body, string id)
    {
        using var server = new LoopbackServer(_ => (200, body));

        Connect(KubeConfigs.Of(server.Url), id);
    }

    [Fact]
    public void A_web_server_that_knows_no_version_is_not_an_API_server()
    {
        using var server = new LoopbackServer(_ => (404, "<html>not found</html>"));

        Connect(KubeConfigs.Of(server.Url), "ResourceTypeNotServed");
    }

    [Theory]
    [InlineData("127.0.0.1", -10, "ServerCertificateExpired")]
    [InlineData("10.9.8.7", 10, "ServerCertificateWrongHost")]
    public void A_certificate_of_the_right_authority_can_be_wrong_all_the_same(string address, int days, string id)
    {
        using var server = new LoopbackServer(_ => (200, """{"gitVersion":"v1.36.0"}"""), Certificate(address, days));
        var authority = Path.Combine(_folder.Path, "ca.crt");

        Connect(KubeConfigs.Of(server.Url, $"certificate-authority: {authority}"), id);
    }

    [Fact]
    public void A_cluster_without_Flux_says_so_and_its_pods_can_be_read()
    {
        using var server = LoopbackServer.WithoutFlux();
        var file = _folder.File("config", KubeConfigs.Of(server.Url));

        Assert.All(
            new[] { "Get-FluxStatus", "Get-FluxStatus -Watch", "Get-FluxSource", "Get-FluxKustomization apps", "Get-FluxHelmRelease" },
            script => Assert.Equal(["FluxNotInstalled"], _engine.Run($"{script} -KubeConfig $file", ("file", file)).ErrorIds));
        Assert.Equal(["VolSyncNotInstalled"], _engine.Run("Get-VolSyncStatus -KubeConfig $file", ("file", file)).ErrorIds);
        Assert.Null(_engine.Run("Connect-Homelab $file", ("file", file)).ThrowIfFailed().Output.Single().Properties["FluxVersion"].Value);
        _engine.Run("Disconnect-Homelab").ThrowIfFailed();
    }

    [Fact]
    public void A_log_that_the_kubelet_does_not_give_is_one_error_for_its_container()
    {
        const string Pod = """{"metadata":{"name":"p","namespace":"n","uid":"1"},"spec":{"nodeName":"w","containers":[{"name":"c"}]},"status":{"containerStatuses":[{"name":"c","state":{"running":{}}}]}}""";
        using var server = new LoopbackServer(path => path.Contains("/log", StringComparison.Ordinal)
            ? (502, LoopbackServer.Status(502, "dial tcp: no route to host"))
            : (200, $$"""{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[{{Pod}}]}"""));
        var file = _folder.File("config", KubeConfigs.Of(server.Url));

        var result = _engine.Run("Get-HomelabLog -KubeConfig $file", ("file", file));

        Assert.Equal(["LogUnavailable"], result.ErrorIds);
        Assert.Contains("no route to host", result.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_is_dead_costs_its_own_lines_and_no_others()
    {
        using var patience = new ManualResetEventSlim();
        using var server = new LoopbackServer(path =>
        {
            if (path.Contains("/pods/silent/log", StringComparison.Ordinal))
            {
                patience.Wait(TimeSpan.FromSeconds(90));
            }

            return path.Contains("/log", StringComparison.Ordinal)
                ? (200, "2026-01-02T03:04:05.000000000Z alive\n")
                : (200, $$"""{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[{{Pod("silent", "dead")}},{{Pod("p", "w")}}]}""");
        });
        var file = _folder.File("config", KubeConfigs.Of(server.Url));

        var result = _engine.Run("Get-HomelabLog -KubeConfig $file", ("file", file));
        patience.Set();

        Assert.Equal(["alive"], result.Values("Line"));
        Assert.Equal(["LogUnavailable"], result.ErrorIds);
        Assert.Matches("silent.*dead.*within 10 s", result.Errors[0].ToString());

        static string Pod(string name, string node) =>
            $$$"""{"metadata":{"name":"{{{name}}}","namespace":"n","uid":"{{{name}}}"},"spec":{"nodeName":"{{{node}}}","containers":[{"name":"c"}]},"status":{"containerStatuses":[{"name":"c","state":{"running":{} } }] } }""";
    }

    private string Connect(string kubeConfig, params string[] ids)
    {
        var result = _engine.Run("Connect-Homelab $file", ("file", _folder.File("config", kubeConfig)));

        Assert.Contains(Assert.Single(result.ErrorIds), ids);
        Assert.Empty(_engine.Run("Get-HomelabConnection | Where-Object { $_.KubeConfigPath -eq $file }").Output);
        return result.Errors[0].ToString();
    }

    // A certificate of an authority of its own, which is left in the folder.
    private X509Certificate2 Certificate(string address, int days)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=test authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var root = authority.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-1), DateTimeOffset.UtcNow.AddYears(1));
        File.WriteAllText(Path.Combine(_folder.Path, "ca.crt"), root.ExportCertificatePem());

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(root, DateTimeOffset.UtcNow.AddDays(-20), DateTimeOffset.UtcNow.AddDays(days), [1, 2, 3, 4]);
        using var withKey = certificate.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
    }
}
