using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.MetalLB;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.MetalLB;

public sealed class CertificateRotatorTests
{
    private const string Current = "metallb-webhook-cert";

    [Theory]
    [InlineData("v0.14.9", "", Current, "metallb-webhook-service.metallb-system.svc")]
    [InlineData("v0.14.3", "", "webhook-server-cert", "webhook-service.metallb-system.svc")]
    [InlineData("v0.13.10", "", "webhook-server-cert", "webhook-service.metallb-system.svc")]
    [InlineData("v0.14.9", "\"--webhook-secret=own\",\"--cert-service-name=hook\"", "own", "hook.metallb-system.svc")]
    public async Task An_empty_Secret_is_filled_and_the_authority_is_given_to_the_callers(string version, string arguments, string secret, string host)
    {
        await using var cluster = await MetalLBCluster.StartAsync();
        await AddWebhooksAsync(cluster);
        await AddControllerAsync(cluster, version, arguments);
        await AddSecretAsync(cluster, secret, "{}");
        var data = await FilledAsync(cluster, secret);

        using var authority = X509Certificate2.CreateFromPem(Decode(data, "ca.crt"));
        using var certificate = X509Certificate2.CreateFromPem(Decode(data, "tls.crt"), Decode(data, "tls.key"));
        Assert.True(certificate.MatchesHostname(host));
        Assert.Equal(2048, certificate.GetRSAPublicKey()!.KeySize);
        Assert.Contains("CN=cert", authority.Subject, StringComparison.Ordinal);
        Assert.StartsWith("-----BEGIN RSA PRIVATE KEY-----", Decode(data, "ca.key"), StringComparison.Ordinal);
        await InjectedAsync(cluster, (string)data["ca.crt"]!);

        // A look at what is right changes nothing.
        await PassAsync(cluster, TimeSpan.FromDays(1));
        await Cluster.UntilAsync(() => Task.FromResult(cluster.Inner.Host.IsIdle), "it comes to rest");
        Assert.Equal((string?)data["tls.crt"], (string?)(await FilledAsync(cluster, secret))["tls.crt"]);
        Assert.Empty(cluster.Inner.Host.Faults);
    }

    [Fact]
    public async Task A_pair_without_an_authority_is_thrown_away_and_one_that_ends_within_90_days_is_renewed()
    {
        await using var cluster = await MetalLBCluster.StartAsync();
        await AddWebhooksAsync(cluster);
        await AddControllerAsync(cluster, "v0.14.9");
        await AddSecretAsync(cluster, Current, """{"tls.crt":"eA==","tls.key":"eA=="}""");
        var first = await FilledAsync(cluster, Current, data => (string?)data["tls.crt"] != "eA==");
        await PassAsync(cluster, TimeSpan.FromDays(280));
        var second = await FilledAsync(cluster, Current, data => (string?)data["tls.crt"] != (string?)first["tls.crt"]);
        Assert.Equal((string?)first["ca.crt"], (string?)second["ca.crt"]);
        await PassAsync(cluster, TimeSpan.FromDays(3650));
        var third = await FilledAsync(cluster, Current, data => (string?)data["ca.crt"] != (string?)first["ca.crt"]);
        await InjectedAsync(cluster, (string)third["ca.crt"]!);
    }

    [Theory]
    [InlineData("\"--disable-cert-rotation\"")]
    [InlineData("\"--webhook-mode=disabled\"")]
    public async Task Without_rotation_or_webhook_nothing_is_touched(string arguments)
    {
        await using var cluster = await MetalLBCluster.StartAsync();
        await AddControllerAsync(cluster, "v0.14.9", arguments);
        await AddSecretAsync(cluster, Current, "{}");
        await AddSecretAsync(cluster, "marker", "{}");
        await Cluster.UntilAsync(() => Task.FromResult(cluster.Inner.Host.IsIdle), "it comes to rest");
        await Task.Delay(200, Cluster.Stop);
        Assert.Null((await cluster.Inner.Client.FindObjectAsync(Types.Secret, MetalLBCluster.System, Current, Cluster.Stop))!["data"]?["tls.crt"]);
    }

    [Fact]
    public async Task The_controller_ends_with_the_words_of_the_real_one_while_its_Secret_is_missing_or_named_otherwise()
    {
        await using var cluster = await MetalLBCluster.StartAsync();
        await AddControllerAsync(cluster, "v0.14.9");
        await AddSecretAsync(cluster, Current, "{}");
        await FilledAsync(cluster, Current);
        await RunsAsync(cluster, true);

        await DeleteSecretAsync(cluster, Current);
        await RunsAsync(cluster, false);
        Assert.True(cluster.Behavior.TryGet(Pod("v0.14.9"), "controller", out var behavior));
        Assert.Equal((1, "Error"), (behavior.ExitCode, behavior.Reason));
        Assert.Contains(behavior.Lines, line => line.Contains("acquiring secret to update certificates: Secret \\\"metallb-webhook-cert\\\" not found", StringComparison.Ordinal));
        Assert.All(behavior.Lines, line => Assert.NotNull(JsonNode.Parse(line)));

        // One of another name does not help it.
        await AddSecretAsync(cluster, "metallb-webhook-cert-renamed", "{}");
        await RunsAsync(cluster, false);
        await AddSecretAsync(cluster, Current, "{}");
        await RunsAsync(cluster, true);

        // An image of before the Secret was renamed looks for another one.
        Assert.True(cluster.Behavior.TryGet(Pod("v0.14.3"), "controller", out var former));
        Assert.Equal(1, former.ExitCode);
        Assert.True(cluster.Behavior.TryGet(Pod("v0.14.9", "\"--webhook-mode=disabled\""), "controller", out var without));
        Assert.Null(without.ExitCode);
        Assert.False(cluster.Behavior.TryGet(Pod("v0.14.9"), "other", out _));
    }

    [Fact]
    public async Task A_pair_that_has_expired_stays_while_nobody_rotates_it_and_is_renewed_afterwards()
    {
        await using var cluster = await MetalLBCluster.StartAsync();
        await AddWebhooksAsync(cluster);
        await AddControllerAsync(cluster, "v0.14.9", "\"--disable-cert-rotation\"");
        var now = cluster.Inner.Clock.GetUtcNow();
        var expired = WebhookCertificates.New("metallb-webhook-service.metallb-system.svc", now.AddYears(-1), now.AddDays(-1));
        await AddSecretAsync(cluster, Current, expired.ToJsonString());
        await PassAsync(cluster, TimeSpan.FromDays(1));
        await Cluster.UntilAsync(() => Task.FromResult(cluster.Inner.Host.IsIdle), "it comes to rest");
        Assert.Equal((string?)expired["tls.crt"], (string?)(await FilledAsync(cluster, Current))["tls.crt"]);

        await cluster.Inner.Client.DeleteAsync(Types.Deployment, MetalLBCluster.System, "controller", new DeleteRequest(), Cluster.Stop);
        await AddControllerAsync(cluster, "v0.14.9");
        var renewed = await FilledAsync(cluster, Current, data => (string?)data["tls.crt"] != (string?)expired["tls.crt"]);
        using var certificate = X509Certificate2.CreateFromPem(Decode(renewed, "tls.crt"));
        Assert.True(certificate.NotAfter.ToUniversalTime() > cluster.Inner.Clock.GetUtcNow().UtcDateTime);
    }

    // Only who is at rest has planned its next look.
    private static async Task PassAsync(MetalLBCluster cluster, TimeSpan time)
    {
        await Cluster.UntilAsync(() => Task.FromResult(cluster.Inner.Host.IsIdle), "it comes to rest");
        cluster.Inner.Clock.Advance(time);
    }

    private static Task RunsAsync(MetalLBCluster cluster, bool runs) => Cluster.UntilAsync(
        () => Task.FromResult(cluster.Behavior.TryGet(Pod("v0.14.9"), "controller", out var behavior) && behavior.ExitCode is null == runs),
        runs ? "it runs" : "it ends");

    private static string Decode(JsonObject data, string field) => Encoding.UTF8.GetString(Convert.FromBase64String((string)data[field]!));

    private static async Task<JsonObject> FilledAsync(MetalLBCluster cluster, string secret, Func<JsonObject, bool>? holds = null)
    {
        JsonObject? data = null;
        await Cluster.UntilAsync(
            async () => (data = (await cluster.Inner.Client.FindObjectAsync(Types.Secret, MetalLBCluster.System, secret, Cluster.Stop))?["data"] as JsonObject)?.ContainsKey("tls.crt") == true && holds?.Invoke(data) != false,
            "the Secret is filled");
        return data!;
    }

    private static Task InjectedAsync(MetalLBCluster cluster, string authority) => Cluster.UntilAsync(
        async () => Items(await cluster.Inner.Client.FindObjectAsync(Types.ValidatingWebhookConfiguration, null, "metallb-webhook-configuration", Cluster.Stop), "webhooks").All(webhook => Text(webhook, "clientConfig.caBundle") == authority),
        "the callers know the authority");

    private static Task<JsonObject> AddSecretAsync(MetalLBCluster cluster, string name, string data) =>
        cluster.AddAsync(Types.Secret, $$"""{"metadata":{"name":"{{name}}","namespace":"{{MetalLBCluster.System}}"},"type":"Opaque","data":{{data}} }""");

    private static Task<JsonObject> DeleteSecretAsync(MetalLBCluster cluster, string name) => cluster.Inner.Client.DeleteAsync(Types.Secret, MetalLBCluster.System, name, new DeleteRequest(), Cluster.Stop);

    private static Task<JsonObject> AddWebhooksAsync(MetalLBCluster cluster) => cluster.AddAsync(
        Types.ValidatingWebhookConfiguration,
        """
        {"metadata":{"name":"metallb-webhook-configuration"},"webhooks":[
          {"name":"ipaddresspoolvalidationwebhook.metallb.io","admissionReviewVersions":["v1"],"sideEffects":"None","failurePolicy":"Fail","clientConfig":{"service":{"name":"metallb-webhook-service","namespace":"metallb-system","path":"/a"}}},
          {"name":"l2advertisementvalidationwebhook.metallb.io","admissionReviewVersions":["v1"],"sideEffects":"None","failurePolicy":"Fail","clientConfig":{"service":{"name":"metallb-webhook-service","namespace":"metallb-system","path":"/b"}}}]}
        """);

    private static Task<JsonObject> AddControllerAsync(MetalLBCluster cluster, string version, string arguments = "") => cluster.AddAsync(
        Types.Deployment,
        $$$"""{"metadata":{"name":"controller","namespace":"{{{MetalLBCluster.System}}}","labels":{"app":"metallb","component":"controller"} },"spec":{"selector":{"matchLabels":{"app":"metallb"} },"template":{{{Pod(version, arguments).ToJsonString()}}} } }""");

    private static JsonObject Pod(string version, string arguments = "") => JsonNode.Parse(
        $$$"""{"metadata":{"namespace":"{{{MetalLBCluster.System}}}","labels":{"app":"metallb","component":"controller"} },"spec":{"containers":[{"name":"controller","image":"quay.io/metallb/controller:{{{version}}}","args":["--port=7472",{{{(arguments.Length > 0 ? arguments : "\"--log-level=info\"")}}}]}] } }""")!.AsObject();
}
