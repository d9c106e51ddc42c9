using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using HomelabOps.Core.Kubernetes.Configuration;
using static HomelabOps.Core.Tests.Kubernetes.Configuration.TestCertificates;

namespace HomelabOps.Core.Tests.Kubernetes.Configuration;

/// <summary>Plugins as real programs: shell scripts in a folder of the test.</summary>
public sealed class ExecPluginTests : IDisposable
{
    private const string V1 = "client.authentication.k8s.io/v1";
    private const string V1Beta1 = "client.authentication.k8s.io/v1beta1";

    private readonly TemporaryFolder _folder = new();

    public ExecPluginTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The plugins of these tests are shell scripts.");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(V1)]
    [InlineData(V1Beta1)]
    public async Task A_token_is_kept_and_asked_for_again_after_a_401(string version)
    {
        string runs = _folder.Combine("runs");
        _folder.Script("plugin", $"echo run >> '{runs}'; echo 'a harmless notice' >&2\nexport N=$(wc -l < '{runs}' | tr -d ' ')\n"
            + Answer("\"token\":\"token-'$N'\"", version));
        ICredentialSource source = Source("", version);

        Assert.Equal("Bearer token-1", $"{await source.GetAsync(refresh: false, Cancellation)}");
        Assert.Equal("token-1", (await source.GetAsync(refresh: false, Cancellation))?.Parameter);
        Assert.Equal("token-2", (await source.GetAsync(refresh: true, Cancellation))?.Parameter);
        Assert.Equal("token-2", (await source.GetAsync(refresh: false, Cancellation))?.Parameter);

        // Many requests at once are one run.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => source.GetAsync(refresh: true, Cancellation).AsTask()));
        Assert.Equal("token-3", (await source.GetAsync(refresh: false, Cancellation))?.Parameter);
    }

    [Fact]
    public async Task Arguments_environment_and_cluster_reach_the_plugin()
    {
        _folder.Script("plugin", $$"""
            printf '%s\n' "$#" "$1" "$2" "$LAB" > "{{_folder.Combine("arguments")}}"
            printf '%s' "$KUBERNETES_EXEC_INFO" > "{{_folder.Combine("info")}}"
            if read -r line; then echo 'there should be no input' >&2; exit 9; fi
            {{Answer("\"token\":\"t\"")}}
            """);
        string user = $$"""
            exec:
                  apiVersion: {{V1}}
                  command: ./plugin
                  args: ["with blank", "$HOME \"x\""]
                  env: [{name: LAB, value: home lab}]
                  interactiveMode: IfAvailable
                  provideClusterInfo: true
            """;
        string cluster = """
            certificate-authority: pki/ca.crt
                tls-server-name: kubernetes
                extensions:
                - {name: other, extension: {no: 1}}
                - name: client.authentication.k8s.io/exec
                  extension: {audience: lab, number: 7, quoted: "7", yes: true, nothing: null, list: [1.5, a]}
            """;

        Assert.Equal("t", (await Resolve(KubeConfigSamples.Simple(user, cluster)).Credentials.GetAsync(refresh: false, Cancellation))?.Parameter);

        Assert.Equal(["2", "with blank", "$HOME \"x\"", "home lab"], await File.ReadAllLinesAsync(_folder.Combine("arguments"), Cancellation));
        using var info = JsonDocument.Parse(await File.ReadAllTextAsync(_folder.Combine("info"), Cancellation));
        Assert.Equal("ExecCredential", info.RootElement.GetProperty("kind").GetString());
        Assert.Equal(V1, info.RootElement.GetProperty("apiVersion").GetString());
        JsonElement spec = info.RootElement.GetProperty("spec");
        Assert.False(spec.GetProperty("interactive").GetBoolean());
        JsonElement given = spec.GetProperty("cluster");
        Assert.Equal("https://10.0.0.9:6443", given.GetProperty("server").GetString());
        Assert.Equal("kubernetes", given.GetProperty("tls-server-name").GetString());
        Assert.Equal(AuthorityData, given.GetProperty("certificate-authority-data").GetString());
        Assert.Equal("""{"audience":"lab","number":7,"quoted":"7","yes":true,"nothing":null,"list":[1.5,"a"]}""", given.GetProperty("config").GetRawText());
    }

    [Fact]
    public async Task An_expired_token_is_replaced_shortly_before_its_end()
    {
        var time = new ManualTime();
        string expires = time.GetUtcNow().AddMinutes(10).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        _folder.Script("plugin", $"echo run >> '{_folder.Combine("runs")}'\n" + Answer($"\"token\":\"t\",\"expirationTimestamp\":\"{expires}\""));
        ICredentialSource source = Source(time: time);

        await source.GetAsync(refresh: false, Cancellation);
        time.Advance(TimeSpan.FromMinutes(9));
        await source.GetAsync(refresh: false, Cancellation);
        Assert.Single(await File.ReadAllLinesAsync(_folder.Combine("runs"), Cancellation));
        time.Advance(TimeSpan.FromSeconds(45));
        await source.GetAsync(refresh: false, Cancellation);
        Assert.Equal(2, (await File.ReadAllLinesAsync(_folder.Combine("runs"), Cancellation)).Length);
    }

    [Fact]
    public async Task A_certificate_in_the_answer_serves_for_TLS()
    {
        _folder.Write("answer", Json(CertificateStatus(Client.ExportCertificatePem(), ClientKeyPem)));
        _folder.Script("plugin", $"cat '{_folder.Combine("answer")}'");
        await using var server = new TestApiServer(Issue("CN=server", Authority), requireClient: true);
        ClusterEndpoint endpoint = Resolve(KubeConfigSamples.Simple(Exec(V1), $"certificate-authority-data: {AuthorityData}", server.Address));

        Assert.Null(await endpoint.Credentials.GetAsync(refresh: false, Cancellation));
        using var client = new HttpClient(HttpHandlerFactory.Create(endpoint)) { Timeout = TimeSpan.FromSeconds(20) };
        await client.GetStringAsync(endpoint.Server, Cancellation);

        Assert.Equal(Client.Thumbprint, server.ClientThumbprint);
        Assert.NotNull(KubernetesClientFactory.Configure(endpoint).ClientCertificateData);
    }

    [Fact]
    public async Task Another_certificate_ends_the_connections_of_the_old_one()
    {
        using X509Certificate2 next = Issue("CN=next", Authority, server: false);
        _folder.Write("answer", Json(CertificateStatus(Client.ExportCertificatePem(), ClientKeyPem)));
        string answer = Json(CertificateStatus(next.ExportCertificatePem(), next.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()));
        _folder.Script("plugin", $"cat '{_folder.Combine("answer")}'");
        await using var server = new TestApiServer(Issue("CN=server", Authority), requireClient: true);
        ClusterEndpoint endpoint = Resolve(KubeConfigSamples.Simple(Exec(V1), $"certificate-authority-data: {AuthorityData}", server.Address));
        using var client = new HttpClient(HttpHandlerFactory.Create(endpoint)) { Timeout = TimeSpan.FromSeconds(20) };

        await endpoint.Credentials.GetAsync(refresh: false, Cancellation);
        await client.GetStringAsync(endpoint.Server, Cancellation);
        await client.GetStringAsync(endpoint.Server, Cancellation);
        Assert.Equal((1, Client.Thumbprint), (server.Connections, server.ClientThumbprint));

        _folder.Write("answer", answer);
        await endpoint.Credentials.GetAsync(refresh: true, Cancellation);
        await client.GetStringAsync(endpoint.Server, Cancellation);
        Assert.Equal((2, next.Thumbprint), (server.Connections, server.ClientThumbprint));
    }

    [Theory]
    [InlineData("echo 'login needed' >&2; exit 3", "exit code 3")]
    [InlineData("echo 'this is <no> json'", "not an ExecCredential")]
    [InlineData("true", "not an ExecCredential")]
    [InlineData("echo '[]'", "not an ExecCredential")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"status\":{\"token\":\"S3cr3tV4lue-of-a-test\"}}'", "v1beta1")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\"}'", "without a token")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"clientCertificateData\":\"S3cr3tV4lue-of-a-test\"}}'", "without a token")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"clientCertificateData\":\"S3cr3tV4lue-of-a-test\",\"clientKeyData\":\"x\"}}'", "cannot be used")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"S3cr3tV4lue-of-a-test x\"}}'", "header")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"S3cr3tV4lue-of-a-test\",\"expirationTimestamp\":\"soon\"}}'", "expirationTimestamp")]
    [InlineData("head -c 3000000 /dev/zero; sleep 30", "more than")]
    public async Task A_plugin_that_fails_says_how_and_never_what_it_wrote(string body, string expected)
    {
        _folder.Script("plugin", body);
        HomelabException error = await Fails(Source());
        Assert.Equal(("ExecPluginFailed", ErrorKind.AuthenticationError), (error.Id, error.Kind));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("'lab-user'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("S3cr3tV4lue-of-a-test", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_stderr_is_shown_without_secrets()
    {
        string jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
        _folder.Script("plugin", $$"""
            i=0; while [ $i -lt 400 ]; do echo "noise number $i" >&2; i=$((i+1)); done
            echo "refused id_token={{jwt}} for $LAB; Authorization: Bearer abcdef123456; password: 'hunter22'" >&2
            echo "the last line $1" >&2
            exit 1
            """);
        HomelabException error = await Fails(Resolve(KubeConfigSamples.Simple(
            $"exec: {{apiVersion: {V1}, command: ./plugin, args: [argument-secret], env: [{{name: LAB, value: environment-secret}}]}}")).Credentials);

        Assert.Contains("the last line ***", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("noise number 1\n", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 200, 2500);
        foreach (string secret in new[] { jwt, "eyJzdWIi", "environment-secret", "argument-secret", "abcdef123456", "hunter22" })
        {
            Assert.DoesNotContain(secret, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_plugin_that_hangs_is_stopped_with_its_children_on_time_out()
    {
        ExecPluginCredentials source = Hanging();
        source.Timeout = TimeSpan.FromMilliseconds(700);
        var watch = Stopwatch.StartNew();
        HomelabException error = await Fails(source);
        Assert.Equal(("ExecPluginTimeout", ErrorKind.OperationTimeout), (error.Id, error.Kind));
        Assert.Contains("open https://login.lan", error.Message, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(600), TimeSpan.FromSeconds(15));
        await AssertGone();
    }

    [Fact]
    public async Task A_plugin_that_hangs_is_stopped_with_its_children_on_cancellation()
    {
        ExecPluginCredentials source = Hanging();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<System.Net.Http.Headers.AuthenticationHeaderValue?> asking = source.GetAsync(refresh: false, stop.Token).AsTask();
        while (!File.Exists(_folder.Combine("ready")))
        {
            await Task.Delay(20, Cancellation);
        }

        var watch = Stopwatch.StartNew();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        await AssertGone();

        // The next one is not held up by the one that was stopped.
        _folder.Script("plugin", Answer("\"token\":\"t\""));
        Assert.Equal("t", (await source.GetAsync(refresh: false, Cancellation))?.Parameter);
    }

    [Fact]
    public async Task A_helper_that_stays_behind_does_not_hold_up_the_answer()
    {
        _folder.Script("plugin", $"sleep 20 &\n{Answer("\"token\":\"t\"")}");
        var watch = Stopwatch.StartNew();
        Assert.Equal("t", (await Source().GetAsync(refresh: false, Cancellation))?.Parameter);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_plugin_that_is_not_there_names_the_hint()
    {
        HomelabException error = await Fails(Resolve(KubeConfigSamples.Simple(
            $"exec: {{apiVersion: {V1}, command: homelabops-no-such-plugin, installHint: 'Get it from https://plugins.lan'}}")).Credentials);
        Assert.Equal(("ExecPluginNotFound", ErrorKind.NotInstalled, (object)"homelabops-no-such-plugin"), (error.Id, error.Kind, error.Target));
        Assert.Contains("Get it from https://plugins.lan", error.Message, StringComparison.Ordinal);

        error = await Fails(Resolve(KubeConfigSamples.Simple($"exec: {{apiVersion: {V1}, command: ./none}}")).Credentials);
        Assert.Equal("ExecPluginNotFound", error.Id);
        Assert.Contains(_folder.Combine("none"), error.Message, StringComparison.Ordinal);

        // A file that is no program.
        TemporaryFolder.SetMode(_folder.Script("plugin", ""), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal("ExecPluginNotFound", (await Fails(Source())).Id);
        File.WriteAllBytes(_folder.Combine("plugin"), [0x7f, 0x45, 0x4c, 0x46]);
        TemporaryFolder.SetMode(_folder.Combine("plugin"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal("ExecPluginFailed", (await Fails(Source())).Id);
    }

    private static string Answer(string status, string version = V1) =>
        "echo '" + Json(status, version) + "'";

    private static string Json(string status, string version = V1) =>
        "{\"kind\":\"ExecCredential\",\"apiVersion\":\"" + version + "\",\"status\":{" + status + "}}";

    private static string CertificateStatus(string certificate, string key) =>
        $"\"clientCertificateData\":\"{JsonEncodedText.Encode(certificate)}\",\"clientKeyData\":\"{JsonEncodedText.Encode(key)}\"";

    private static string Exec(string version) => $"exec: {{apiVersion: {version}, command: ./plugin}}";

    private static async Task<HomelabException> Fails(ICredentialSource source) =>
        await Assert.ThrowsAsync<HomelabException>(async () => await source.GetAsync(refresh: false, Cancellation));

    private ExecPluginCredentials Hanging()
    {
        _folder.Script("plugin", $$"""
            echo 'open https://login.lan' >&2
            sh -c 'echo $$ >> "{{_folder.Combine("pids")}}"; sleep 120; true' &
            echo $$ >> "{{_folder.Combine("pids")}}"
            touch "{{_folder.Combine("ready")}}"
            wait
            """);
        return (ExecPluginCredentials)Source();
    }

    private async Task AssertGone()
    {
        int[] started = [.. (await File.ReadAllLinesAsync(_folder.Combine("pids"), Cancellation)).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
        Assert.Equal(2, started.Length);
        for (int i = 0; i < 50 && started.Any(IsRunning); i++)
        {
            await Task.Delay(20, Cancellation);
        }

        Assert.DoesNotContain(started, IsRunning);
    }

    // A killed orphan may stay as a zombie for as long as its new parent does not look.
    private static bool IsRunning(int id)
    {
        try
        {
            return !OperatingSystem.IsLinux() ? !Process.GetProcessById(id).HasExited
                : !File.ReadAllText($"/proc/{id}/stat").Split(") ")[^1].StartsWith('Z');
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            return false;
        }
    }

    private ICredentialSource Source(string cluster = "", string version = V1, TimeProvider? time = null) => Resolve(KubeConfigSamples.Simple(Exec(version), cluster), time).Credentials;

    private ClusterEndpoint Resolve(string text, TimeProvider? time = null) =>
        EndpointResolver.Resolve(KubeConfig.Load([KubeConfigSamples.Write(_folder, text)]), null, time ?? TimeProvider.System);
}
