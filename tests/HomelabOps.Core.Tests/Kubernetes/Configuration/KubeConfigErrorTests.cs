using HomelabOps.Core.Kubernetes.Configuration;
using static HomelabOps.Core.Tests.Kubernetes.Configuration.TestCertificates;

namespace HomelabOps.Core.Tests.Kubernetes.Configuration;

public sealed class KubeConfigErrorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("clusters: [\n", 2, 1)]
    [InlineData("a: b\n  c: d\n", 2, 4)]
    [InlineData("clusters:\n- name: c\n\tcluster: {}\n", 2, 9)]
    [InlineData("kind: Config\nkind: Config\n", 2, 1)]
    [InlineData("- just\n- a list\n", 1, 1)]
    [InlineData("just text\n", 1, 1)]
    [InlineData("apiVersion: v1\nkind: Pod\n", 2, 7)]
    [InlineData("clusters:\n  c: {}\n", 2, 3)]
    [InlineData("clusters:\n- text\n", 2, 3)]
    [InlineData("clusters:\n- cluster: {}\n", 2, 3)]
    [InlineData("users:\n- name: u\n  user: {}\n- name: u\n  user: {}\n", 4, 9)]
    [InlineData("users:\n- name: u\n  user: *nobody\n", 3, 9)]
    [InlineData("contexts:\n- name: a\n  context:\n    cluster: [c]\n", 4, 14)]
    [InlineData("current-context: \"open\n", 1, 18)]
    public void Broken_files_name_line_and_column(string text, int line, int column)
    {
        string path = _folder.Write("config", text);
        var error = Assert.Throws<HomelabException>(() => KubeConfig.Load([path]));
        Assert.Equal("KubeConfigInvalid", error.Id);
        Assert.Equal(ErrorKind.InvalidData, error.Kind);
        Assert.Equal(path, error.Target);
        Assert.StartsWith($"{path}, line {line}, column {column}: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("insecure-skip-tls-verify: maybe", 11)]
    [InlineData("proxy-url: ftp://x", 11)]
    [InlineData("tls-server-name: [a]", 11)]
    public void Wrong_values_of_a_cluster_name_their_line(string field, int line)
    {
        HomelabException error = Fails(KubeConfigSamples.Simple("token: t", field));
        Assert.Equal("KubeConfigInvalid", error.Id);
        Assert.Contains($"line {line}, ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token: *S3cr3tV4lue-of-a-test")]
    [InlineData("password: @S3cr3tV4lue-of-a-test")]
    [InlineData("password: %S3cr3tV4lue-of-a-test: x: y")]
    [InlineData("password: \"S3cr3tV4lue-of-a-test")]
    [InlineData("password: !S3cr3t!V4lue-of-a-test x")]
    [InlineData("password: {S3cr3tV4lue-of-a-test")]
    [InlineData("password: 'S3cr3tV4lue-of-a-test' S3cr3tV4lue-of-a-test")]
    [InlineData("password: \"S3cr3tV4lue-of-a-test\\q\"")]
    public void A_secret_that_breaks_the_YAML_is_not_repeated(string user)
    {
        HomelabException error = Fails(KubeConfigSamples.Simple(user));
        Assert.Equal("KubeConfigInvalid", error.Id);
        AssertNoSecret(error.ToString(), "S3cr3t", "V4lue");
    }

    [Theory]
    [InlineData("as-uid: x")]
    [InlineData("as-groups: [system:masters]")]
    [InlineData("as-user-extra: {a: [b]}")]
    public void Impersonation_without_a_user_is_an_error_and_not_ignored(string field) =>
        Assert.Contains("needs 'as'", Fails(KubeConfigSamples.Simple($"token: t\n    {field}")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_broken_cluster_does_not_matter_to_the_other_contexts()
    {
        string path = _folder.Write("config", """
            contexts: [{name: good, context: {cluster: good}}, {name: bad, context: {cluster: bad}}]
            clusters: [{name: good, cluster: {server: https://good:6443}}, {name: bad, cluster: {server: 'not an address', proxy-url: x}}]
            """);
        KubeConfig config = KubeConfig.Load([path]);
        Assert.Equal("good", ClusterEndpoint.Resolve(config, "good").Server.Host);
        Assert.Equal("KubeConfigInvalid", Assert.Throws<HomelabException>(() => ClusterEndpoint.Resolve(config, "bad")).Id);
    }

    [Fact]
    public void A_context_that_does_not_exist_names_those_that_do()
    {
        KubeConfig config = KubeConfig.Load([_folder.Write("config", "contexts: [{name: one, context: {}}, {name: two, context: {}}]\n")]);
        var error = Assert.Throws<HomelabException>(() => ClusterEndpoint.Resolve(config, "three"));
        Assert.Equal(("ContextNotFound", ErrorKind.ObjectNotFound, (object)"three"), (error.Id, error.Kind, error.Target));
        Assert.Contains("It has: 'one', 'two'", error.Message, StringComparison.Ordinal);

        error = Assert.Throws<HomelabException>(() => ClusterEndpoint.Resolve(config, null));
        Assert.Equal("ContextNotFound", error.Id);
        Assert.Contains("No current-context", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cluster: gone, user: u", "the cluster 'gone'")]
    [InlineData("cluster: c, user: gone", "the user 'gone'")]
    [InlineData("user: u", "names no cluster")]
    [InlineData("cluster: empty, user: u", "no server")]
    public void A_context_that_leads_nowhere_says_what_is_missing(string context, string expected)
    {
        HomelabException error = Fails($$$"""
            current-context: a
            contexts: [{name: a, context: { {{{context}}} }}]
            clusters: [{name: c, cluster: {server: https://c:6443}}, {name: empty, cluster: {}}]
            users: [{name: u, user: {}}]
            """);
        Assert.Equal("ContextIncomplete", error.Id);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_bad_credential_names_user_and_field()
    {
        string secret = "S3cr3tV4lue-of-a-test";
        string encrypted = Client.ExportCertificatePem().Replace("CERTIFICATE", "ENCRYPTED PRIVATE KEY", StringComparison.Ordinal);
        (string User, string Id, string Contains)[] cases =
        [
            ($"client-certificate-data: '{secret}!'\n    client-key-data: {ClientKeyData}", "CredentialInvalid", "client-certificate-data of user 'lab-user'"),
            ($"client-certificate-data: {Base64(secret)}\n    client-key-data: {ClientKeyData}", "CredentialInvalid", "client-certificate-data of user"),
            ($"client-certificate-data: {ClientData}\n    client-key-data: {Base64(secret)}", "CredentialInvalid", "client-key-data of user"),
            ($"client-certificate-data: {ClientData}\n    client-key-data: {Base64(encrypted)}", "CredentialInvalid", "encrypted"),
            ($"client-certificate-data: {ClientData}\n    client-key-data: {Base64(Authority.ExportCertificatePem())}", "CredentialInvalid", "client-key-data"),
            ($"client-certificate-data: {ClientData}\n    client-key-data: {Base64(System.Security.Cryptography.ECDsa.Create().ExportPkcs8PrivateKeyPem())}", "CredentialInvalid", "belong"),
            ($"client-certificate-data: {ClientData}", "CredentialInvalid", "client-key of user"),
            ($"client-key-data: {ClientKeyData}", "CredentialInvalid", "client-certificate of user"),
            ($"token: \"{secret}\\n{secret}\"", "CredentialInvalid", "token of user"),
            ($"token: '{secret} {secret}'", "CredentialInvalid", "token of user"),
            ($"client-certificate: pki/no.crt\n    client-key: pki/client.key", "CredentialFileNotFound", _folder.Combine("pki", "no.crt")),
            ($"client-certificate: nowhere/no.crt\n    client-key: pki/client.key", "CredentialFileNotFound", "client-certificate"),
            ($"client-certificate: pki\n    client-key: pki/client.key", "CredentialFileUnreadable", "client-certificate"),
            ($"auth-provider: {{name: gcp, config: {{access-token: {secret}}}}}", "AuthProviderUnsupported", "'gcp'"),
            ($"exec: {{apiVersion: client.authentication.k8s.io/v1alpha1, command: x, args: [{secret}]}}", "CredentialInvalid", "apiVersion"),
            ($"exec: {{apiVersion: client.authentication.k8s.io/v1, args: [{secret}]}}", "CredentialInvalid", "command"),
            ($"exec: {{apiVersion: client.authentication.k8s.io/v1, command: x, env: [{{value: {secret}}}]}}", "CredentialInvalid", "env"),
            ($"exec: {{apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always, args: [{secret}]}}", "ExecPluginFailed", "terminal"),
            ($"client-certificate-data: {Base64(ExpiredClient.ExportCertificatePem())}\n    client-key-data: {Base64(System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(ExpiredClient)!.ExportPkcs8PrivateKeyPem())}",
                "CertificateExpired", ExpiredClient.NotAfter.ToUniversalTime().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)),
        ];
        foreach ((string user, string id, string contains) in cases)
        {
            HomelabException error = Fails(KubeConfigSamples.Simple(user));
            Assert.Equal((user, id), (user, error.Id));
            Assert.Contains(contains, error.Message, StringComparison.Ordinal);
            Assert.True(error.Terminates);
            AssertNoSecret(error.ToString(), secret, Base64(secret), ClientKeyData, ClientKeyPem);
        }
    }

    [Fact]
    public async Task A_missing_token_file_is_an_error_when_it_is_read()
    {
        ClusterEndpoint endpoint = Resolve(KubeConfigSamples.Simple("tokenFile: pki/none"));
        var error = await Assert.ThrowsAsync<HomelabException>(async () => await endpoint.Credentials.GetAsync(refresh: false, TestContext.Current.CancellationToken));
        Assert.Equal("CredentialFileNotFound", error.Id);
        _folder.Write("pki/none", " \n");
        error = await Assert.ThrowsAsync<HomelabException>(async () => await endpoint.Credentials.GetAsync(refresh: false, TestContext.Current.CancellationToken));
        Assert.Equal("CredentialInvalid", error.Id);

        // A token in the kubeconfig itself steps in.
        endpoint = Resolve(KubeConfigSamples.Simple("tokenFile: pki/never\n    token: fallback"));
        Assert.Equal("fallback", (await endpoint.Credentials.GetAsync(refresh: false, TestContext.Current.CancellationToken))?.Parameter);
    }

    [Fact]
    public void A_certificate_authority_that_is_none_is_an_error_and_not_ignored()
    {
        HomelabException error = Fails(KubeConfigSamples.Simple("token: t", $"certificate-authority-data: {Base64("nothing")}"));
        Assert.Equal("CredentialInvalid", error.Id);
        Assert.Contains("certificate-authority-data of cluster 'lab'", error.Message, StringComparison.Ordinal);
        Assert.Equal("CredentialFileNotFound", Fails(KubeConfigSamples.Simple("token: t", "certificate-authority: gone.crt")).Id);
    }

    [Fact]
    public void An_unreadable_kubeconfig_says_so()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs Unix permissions.");
        var error = Errors.KubeConfigUnreadable("/etc/rancher/k3s/k3s.yaml", new UnauthorizedAccessException("Access denied."));
        Assert.Equal(("KubeConfigUnreadable", ErrorKind.PermissionDenied), (error.Id, error.Kind));
        Assert.Contains("Access denied.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_object_shows_its_secrets_as_text()
    {
        const string secret = "S3cr3tV4lue-of-a-test";
        string[] users =
        [
            $"token: {secret}",
            $"username: admin\n    password: {secret}",
            $"client-certificate-data: {ClientData}\n    client-key-data: {ClientKeyData}",
            $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: x, args: [{secret}], env: [{{name: A, value: {secret}}}]}}",
        ];
        foreach (string user in users)
        {
            KubeConfig config = KubeConfig.Load([KubeConfigSamples.Write(_folder, KubeConfigSamples.Simple(user, server: $"https://me:{secret}@10.0.0.9:6443/{secret}/"))]);
            ClusterEndpoint endpoint = ClusterEndpoint.Resolve(config, null);
            Assert.Equal("lab (https://10.0.0.9:6443)", endpoint.ToString());
            foreach (object? value in new object?[] { config, endpoint, endpoint.Credentials, endpoint.ClientIdentity, endpoint.Context, config.Users["lab-user"] })
            {
                AssertNoSecret($"{value}", secret, Base64($"admin:{secret}"), ClientKeyData, ClientKeyPem);
            }
        }
    }

    private static void AssertNoSecret(string text, params ReadOnlySpan<string> secrets)
    {
        foreach (string secret in secrets)
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }
    }

    private ClusterEndpoint Resolve(string text) => ClusterEndpoint.Resolve(KubeConfig.Load([KubeConfigSamples.Write(_folder, text)]), null);

    private HomelabException Fails(string text) => Assert.Throws<HomelabException>(() => Resolve(text));
}
