using System.Runtime.Loader;
using System.Security.Cryptography.X509Certificates;
using HomelabOps.Core.Kubernetes.Configuration;

namespace HomelabOps.Core.Tests.Kubernetes.Configuration;

public sealed class KubeConfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_file_wins_for_each_name_and_for_the_current_context()
    {
        string first = _folder.Write("a/config", """
            contexts: [{name: lab, context: {cluster: lab, user: lab, namespace: first}}]
            clusters: [{name: lab, cluster: {server: https://first:6443, certificate-authority: ../pki/ca.crt}}]
            """);
        string second = _folder.Write("b/config", """
            current-context: lab
            contexts:
            - {name: lab, context: {cluster: lab, user: lab, namespace: second}}
            - {name: other, context: {cluster: other, user: lab}}
            clusters:
            - {name: lab, cluster: {server: https://second:6443, insecure-skip-tls-verify: true}}
            - {name: other, cluster: {server: https://other:6443}}
            users: [{name: lab, user: {tokenFile: token}}]
            """);
        string third = _folder.Write("c/config", "current-context: nowhere\n");
        _folder.Write("b/token", "beside-the-second");
        _folder.Write("pki/ca.crt", TestCertificates.Authority.ExportCertificatePem());

        KubeConfig config = KubeConfig.Load([first, _folder.Combine("missing"), second, first, third]);

        Assert.Equal([first, second, third], config.Paths);
        Assert.Equal("lab", config.CurrentContext);
        Assert.Equal(["lab", "other"], config.Contexts.Keys.Order());
        Assert.Equal(["lab", "other"], config.ClusterNames.Order());
        Assert.Equal(["lab"], config.UserNames);
        ClusterEndpoint endpoint = ClusterEndpoint.Resolve(config, null);
        Assert.Equal("https://first:6443/", endpoint.Server.AbsoluteUri);
        Assert.Equal("first", endpoint.Namespace);
        Assert.False(endpoint.SkipTlsVerify);
        Assert.Single(endpoint.CertificateAuthorities!);
        Assert.Equal(first, endpoint.KubeConfigPath);
        Assert.Equal("beside-the-second", Header(endpoint));
    }

    [Fact]
    public void A_missing_file_alone_is_an_error()
    {
        var error = Assert.Throws<HomelabException>(() => KubeConfig.Load([_folder.Combine("missing")]));
        Assert.Equal(("KubeConfigNotFound", ErrorKind.ObjectNotFound, true), (error.Id, error.Kind, error.Terminates));
        Assert.Contains(_folder.Combine("missing"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_among_the_files_is_an_error_of_its_own()
    {
        var error = Assert.Throws<HomelabException>(() => KubeConfig.Load([_folder.Write("config", ""), _folder.Combine(".")]));
        Assert.Equal(("KubeConfigIsFolder", ErrorKind.InvalidArgument, true), (error.Id, error.Kind, error.Terminates));
        Assert.Contains("is a folder", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n...\n")]
    [InlineData("null")]
    [InlineData("{}")]
    public void An_empty_file_has_no_contexts(string text)
    {
        KubeConfig config = KubeConfig.Load([_folder.Write("config", text)]);
        Assert.Empty(config.Contexts);
        var error = Assert.Throws<HomelabException>(() => ClusterEndpoint.Resolve(config, null));
        Assert.Equal("ContextNotFound", error.Id);
    }

    [Fact]
    public void Only_clusters_is_no_context()
    {
        KubeConfig config = KubeConfig.Load([_folder.Write("config", "clusters: [{name: c, cluster: {server: https://c:6443}}]\ncontexts: null\n")]);
        Assert.Equal(["c"], config.ClusterNames);
        Assert.Equal("ContextNotFound", Assert.Throws<HomelabException>(() => ClusterEndpoint.Resolve(config, "c")).Id);
    }

    [Fact]
    public void The_search_goes_from_the_users_choice_to_the_pod()
    {
        var variables = new Dictionary<string, string?>();
        var environment = new KubeConfigEnvironment
        {
            GetVariable = name => variables.GetValueOrDefault(name),
            Home = _folder.Combine("home"),
            K3sPath = _folder.Combine("k3s.yaml"),
            ServiceAccountDirectory = _folder.Combine("sa"),
        };
        KubeConfigLocation Find(string? path = null) => KubeConfig.Find(path, environment);

        var error = Assert.Throws<HomelabException>(() => Find());
        Assert.Equal("KubeConfigNotFound", error.Id);
        Assert.All(["KUBECONFIG", _folder.Combine("home", ".kube", "config"), environment.K3sPath, _folder.Combine("sa", "token")],
            place => Assert.Contains(place, error.Message, StringComparison.Ordinal));

        _folder.Write("sa/token", "pod-token");
        Assert.Equal("KubeConfigNotFound", Assert.Throws<HomelabException>(() => Find()).Id);
        variables["KUBERNETES_SERVICE_HOST"] = "10.43.0.1";
        Assert.True(Find().IsInCluster);
        Assert.Empty(Find().Paths);

        _folder.Write("k3s.yaml", "");
        Assert.Equal(KubeConfigSource.K3s, Find().Source);
        Assert.Equal([environment.K3sPath], Find().Paths);

        _folder.Write("home/.kube/config", "");
        Assert.Equal(KubeConfigSource.Home, Find().Source);

        variables["KUBECONFIG"] = string.Join(Path.PathSeparator, _folder.Combine("x"), "", $"\"{_folder.Combine("y")}\"");
        Assert.Equal([_folder.Combine("x"), _folder.Combine("y")], Find().Paths);
        Assert.Equal(KubeConfigSource.EnvironmentVariable, Find().Source);
        variables["KUBECONFIG"] = Path.PathSeparator.ToString();
        Assert.Equal(KubeConfigSource.Home, Find().Source);

        Assert.Equal([_folder.Combine("z")], Find(_folder.Combine("z")).Paths);
        Assert.Equal(KubeConfigSource.Explicit, Find(_folder.Combine("z")).Source);
    }

    [Fact]
    public async Task A_pod_uses_its_service_account_and_sees_a_new_token()
    {
        _folder.Write("token", "first-token\n");
        _folder.Write("ca.crt", TestCertificates.Authority.ExportCertificatePem());
        _folder.Write("namespace", "flux-system");
        var environment = new KubeConfigEnvironment
        {
            GetVariable = name => name == "KUBERNETES_SERVICE_HOST" ? "fd00::1" : null,
            ServiceAccountDirectory = _folder.Path,
        };

        ClusterEndpoint endpoint = ClusterEndpoint.InCluster(environment);

        Assert.Equal("https://[fd00::1]/", endpoint.Server.AbsoluteUri);
        Assert.Equal("flux-system", endpoint.Namespace);
        Assert.Single(endpoint.CertificateAuthorities!);
        Assert.Equal("first-token", Header(endpoint));
        _folder.Write("token", "second-token\n");
        File.SetLastWriteTimeUtc(_folder.Combine("token"), DateTime.UtcNow.AddSeconds(5));
        Assert.Equal("second-token", Header(endpoint));

        // While the file is being replaced the last token serves on.
        File.Delete(_folder.Combine("token"));
        Assert.Equal("second-token", (await endpoint.Credentials.GetAsync(refresh: true, TestContext.Current.CancellationToken))?.Parameter);
    }

    [Fact]
    public void A_token_file_is_read_again_after_a_minute_although_its_time_stamp_is_the_same()
    {
        string path = _folder.Write("token", "old");
        DateTime written = File.GetLastWriteTimeUtc(path);
        var time = new ManualTime();
        var source = new TokenFileCredentials("user 'u'", "tokenFile", path, null, time);
        Assert.Equal("old", Header(source));
        File.WriteAllText(path, "new");
        File.SetLastWriteTimeUtc(path, written);
        Assert.Equal("old", Header(source));
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal("new", Header(source));
    }

    [Fact]
    public void Fields_that_KubernetesClient_does_not_know()
    {
        ClusterEndpoint proxy = Resolve(KubeConfigSamples.Simple("token: t", "proxy-url: socks5://127.0.0.1:1080\n    disable-compression: true"));
        Assert.Equal("socks5://127.0.0.1:1080", proxy.ProxyUrl!.OriginalString);
        Assert.True(proxy.DisableCompression);

        Impersonation who = Resolve(KubeConfigSamples.Simple("as: alice\n    as-uid: u-1\n    as-groups: [dev, ops]\n    as-user-extra: {example.com/scopes: [view, edit]}")).Impersonation!;
        using var request = new HttpRequestMessage();
        who.Apply(request.Headers);
        Assert.Equal(["alice"], request.Headers.GetValues("Impersonate-User"));
        Assert.Equal(["u-1"], request.Headers.GetValues("Impersonate-Uid"));
        Assert.Equal(["dev", "ops"], request.Headers.GetValues("Impersonate-Group"));
        Assert.Equal(["view", "edit"], request.Headers.GetValues("Impersonate-Extra-example.com%2Fscopes"));

        Assert.Equal(2, Resolve(KubeConfigSamples.Simple("token: t", $"certificate-authority-data: {TestCertificates.Base64(TestCertificates.Authority.ExportCertificatePem() + "\n" + TestCertificates.OtherAuthority.ExportCertificatePem())}")).CertificateAuthorities!.Count);
        Assert.Single(Resolve(KubeConfigSamples.Simple("token: t", $"certificate-authority-data: {Convert.ToBase64String(TestCertificates.Authority.RawData)}")).CertificateAuthorities!);

        ClusterEndpoint merged = Resolve(KubeConfigSamples.All.Single(sample => sample.Name == "merge keys").Text);
        Assert.Equal(TestCertificates.Base64("admin:own"), Header(merged));
    }

    [Theory]
    [InlineData("10.0.0.1:6443", "", "http://10.0.0.1:6443/")]
    [InlineData("10.0.0.1:6443", "insecure-skip-tls-verify: true", "https://10.0.0.1:6443/")]
    [InlineData("lab.lan", "insecure-skip-tls-verify: yes", "https://lab.lan/")]
    [InlineData("https://rancher.lan/k8s/clusters/c-1", "", "https://rancher.lan/k8s/clusters/c-1")]
    [InlineData("https://[::]:6443", "", "https://[::1]:6443/")]
    public void Addresses_are_taken_as_kubectl_takes_them(string server, string cluster, string expected) =>
        Assert.Equal(expected, Resolve(KubeConfigSamples.Simple("token: t", cluster, server)).Server.AbsoluteUri);

    [Fact]
    public void A_token_does_not_leave_the_machine_unencrypted()
    {
        Assert.Null(Header(Resolve(KubeConfigSamples.Simple("token: t", server: "http://10.0.0.1:8080"))));
        Assert.Equal("t", Header(Resolve(KubeConfigSamples.Simple("token: t", server: "http://127.0.0.1:8080/secret/"))));
    }

    [Theory]
    [InlineData("rsa-pkcs1")]
    [InlineData("rsa-pkcs8")]
    [InlineData("ec-sec1")]
    [InlineData("ec-pkcs8")]
    public void All_usual_key_formats_serve(string format)
    {
        using X509Certificate2 certificate = TestCertificates.Issue("CN=u", TestCertificates.Authority, server: false, rsa: format.StartsWith("rsa", StringComparison.Ordinal));
        string key = format switch
        {
            "rsa-pkcs1" => certificate.GetRSAPrivateKey()!.ExportRSAPrivateKeyPem(),
            "rsa-pkcs8" => certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem(),
            "ec-sec1" => certificate.GetECDsaPrivateKey()!.ExportECPrivateKeyPem(),
            _ => certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(),
        };

        ClusterEndpoint endpoint = Resolve(KubeConfigSamples.Simple(
            $"client-certificate-data: {TestCertificates.Base64(certificate.ExportCertificatePem())}\n    client-key-data: {TestCertificates.Base64(key)}"));

        Assert.Equal(certificate.Thumbprint, endpoint.ClientCertificate!.Thumbprint);
        Assert.True(endpoint.ClientCertificate.HasPrivateKey);
    }

    [Fact]
    public void KubernetesClient_is_not_loaded_for_tokens_and_certificates()
    {
        string path = KubeConfigSamples.Write(_folder, KubeConfigSamples.All[0].Text);
        string core = typeof(KubeConfig).Assembly.Location;
        var context = new FolderContext(Path.GetDirectoryName(core)!);
        try
        {
            System.Reflection.Assembly assembly = context.LoadFromAssemblyPath(core);
            object config = assembly.GetType(typeof(KubeConfig).FullName!)!.GetMethod("Load")!.Invoke(null, [new[] { path }])!;
            object endpoint = assembly.GetType(typeof(ClusterEndpoint).FullName!)!.GetMethod("Resolve")!.Invoke(null, [config, null])!;
            using var handler = (IDisposable)assembly.GetType(typeof(HttpHandlerFactory).FullName!)!.GetMethod("Create")!.Invoke(null, [endpoint])!;
            Assert.Equal(["HomelabOps.Core", "YamlDotNet"], context.Assemblies.Select(loaded => loaded.GetName().Name).Order());
        }
        finally
        {
            context.Unload();
        }
    }

    private ClusterEndpoint Resolve(string text) => ClusterEndpoint.Resolve(KubeConfig.Load([KubeConfigSamples.Write(_folder, text)]), null);

    private static string? Header(ClusterEndpoint endpoint) => Header(endpoint.Credentials);

    private static string? Header(ICredentialSource source)
    {
        Task<System.Net.Http.Headers.AuthenticationHeaderValue?> header = source.GetAsync(refresh: false, TestContext.Current.CancellationToken).AsTask();
        Assert.True(header.IsCompletedSuccessfully);
        return header.Result?.Parameter;
    }

    private sealed class FolderContext(string folder) : AssemblyLoadContext(isCollectible: true)
    {
        protected override System.Reflection.Assembly? Load(System.Reflection.AssemblyName assemblyName)
        {
            string path = Path.Combine(folder, assemblyName.Name + ".dll");
            return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }
    }
}
