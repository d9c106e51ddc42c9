using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.MetalLB;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.MetalLB;

/// <summary>What the API server makes of MetalLB's webhook: its answers, and why it cannot be asked.</summary>
public sealed class WebhookCallTests
{
    private const string Hook = "ipaddresspoolvalidationwebhook.metallb.io";
    private const string Service = "metallb-webhook-service";
    private const string Host = Service + "." + MetalLBCluster.System + ".svc";
    private const string Secret = "metallb-webhook-cert";
    private const string Call = $"Internal error occurred: failed calling webhook \"{Hook}\": failed to call webhook: Post \"https://{Host}:443/validate?timeout=10s\": ";

    [Theory]
    [InlineData("10.0.0.0/33", "parsing address pool other: invalid CIDR \"10.0.0.0/33\" in pool \"other\": invalid CIDR \"10.0.0.0/33\"")]
    [InlineData("10.0.0.9-10.0.0.1", "parsing address pool other: invalid CIDR \"10.0.0.9-10.0.0.1\" in pool \"other\": invalid IP range \"10.0.0.9-10.0.0.1\": start IP \"10.0.0.9\" is after the end IP \"10.0.0.1\"")]
    [InlineData("172.19.255.230-172.19.255.239", "CIDR \"172.19.255.230/31\" in pool \"other\" overlaps with already defined CIDR \"172.19.255.224/28\"")]
    public async Task A_pool_that_makes_no_sense_is_refused(string addresses, string why)
    {
        await using var cluster = await StartAsync(await CertificateAsync());
        await cluster.AddServiceAsync("first");
        await cluster.HasAddressAsync("first", "172.19.255.200");

        // As the pool is known by now, so is all of it.
        var error = await Assert.ThrowsAsync<HomelabException>(() => cluster.AddPoolAsync("other", $"""["{addresses}"]"""));
        Assert.Equal($"admission webhook \"{Hook}\" denied the request: {why}", error.ServerText);
        await cluster.AddPoolAsync("third", """["172.19.254.0/28","172.19.255.251-172.19.255.255"]""");
        await cluster.PatchAsync(Types.IpAddressPool, MetalLBCluster.System, "third", """{"spec":{"autoAssign":false}}""");
    }

    [Fact]
    public async Task Without_a_pod_that_is_ready_nobody_answers()
    {
        await using var cluster = await StartAsync(await CertificateAsync());
        await cluster.PatchAsync(Types.Endpoints, MetalLBCluster.System, Service, """{"subsets":null}""");
        await RefusedAsync(cluster, $"no endpoints available for service \"{Service}\"");
    }

    [Fact]
    public async Task Without_a_node_nobody_answers()
    {
        await using var cluster = await StartAsync(await CertificateAsync());
        cluster.IsNodeUp = false;
        await RefusedAsync(cluster, "dial tcp 10.42.0.9:9443: connect: no route to host");
    }

    [Theory]
    [InlineData("--webhook-mode=disabled")]
    [InlineData("--webhook-secret=of-another-name")]
    public async Task A_controller_without_the_webhook_or_its_certificate_does_not_listen(string argument)
    {
        await using var cluster = await StartAsync(await CertificateAsync(), argument);
        await RefusedAsync(cluster, "dial tcp 10.42.0.9:9443: connect: connection refused");
    }

    // The kubelet leaves in a running pod what it has mounted.
    [Fact]
    public async Task A_Secret_that_goes_is_not_missed_while_the_controller_runs()
    {
        await using var cluster = await StartAsync(await CertificateAsync());
        await cluster.Inner.Client.DeleteAsync(Types.Secret, MetalLBCluster.System, Secret, new DeleteRequest(), Cluster.Stop);
        await Cluster.UntilAsync(() => Task.FromResult(cluster.Inner.Host.Informer(Types.Secret).Find(MetalLBCluster.System, Secret) is null), "it has gone");
        await cluster.AddPoolAsync("other", """["172.19.254.0/28"]""");
    }

    [Fact]
    public async Task What_the_caller_does_not_trust_is_not_asked()
    {
        var certificate = await CertificateAsync();
        await using var cluster = await StartAsync(certificate, authority: (string)(await CertificateAsync())["ca.crt"]!);
        await RefusedAsync(cluster, "tls: failed to verify certificate: x509: certificate signed by unknown authority");
        await cluster.PatchAsync(Types.ValidatingWebhookConfiguration, "", "metallb", $$"""{"webhooks":[{{Webhook("", "Ignore")}}]}""");
        await cluster.AddPoolAsync("other", """["172.19.254.0/28"]""");
    }

    private static async Task<MetalLBCluster> StartAsync(JsonObject certificate, string argument = "--webhook-mode=enabled", string? authority = null)
    {
        var cluster = await MetalLBCluster.StartAsync("172.19.255.200-172.19.255.250");
        await cluster.AddAsync(Types.Service, $$"""{"metadata":{{Named(Service)}},"spec":{"selector":{"component":"controller"},"ports":[{"port":443,"targetPort":9443}]} }""");
        await cluster.AddAsync(Types.Endpoints, $$"""{"metadata":{{Named(Service)}},"subsets":[{"addresses":[{"ip":"10.42.0.9","targetRef":{"kind":"Pod","name":"controller","namespace":"{{MetalLBCluster.System}}"} }],"ports":[{"port":9443}]}]}""");
        await cluster.AddAsync(ResourceType.Pod, $$"""{"metadata":{{Named("controller", """ ,"labels":{"app":"metallb","component":"controller"} """)}},"spec":{"nodeName":"w1","containers":[{"name":"controller","image":"quay.io/metallb/controller:v0.14.9","args":["{{argument}}"]}]} }""");
        await cluster.PatchAsync(ResourceType.Pod, MetalLBCluster.System, "controller", """{"status":{"podIP":"10.42.0.9"} }""", "status");
        await cluster.AddAsync(Types.Secret, $$"""{"metadata":{{Named(Secret)}},"data":{{certificate.ToJsonString()}} }""");
        await Cluster.UntilAsync(() => Task.FromResult(cluster.Inner.Host.Informer(Types.Secret).Find(MetalLBCluster.System, Secret) is not null), "the controller has its certificate");
        await cluster.AddAsync(Types.ValidatingWebhookConfiguration, $$"""{"metadata":{"name":"metallb"},"webhooks":[{{Webhook(authority ?? (string)certificate["ca.crt"]!, "Fail")}}]}""");
        return cluster;
    }

    private static string Named(string name, string more = "") => $$"""{"name":"{{name}}","namespace":"{{MetalLBCluster.System}}"{{more}} }""";

    private static string Webhook(string authority, string policy) => $$"""
        {
          "name":"{{Hook}}","admissionReviewVersions":["v1"],"sideEffects":"None","failurePolicy":"{{policy}}",
          "clientConfig":{"caBundle":"{{authority}}","service":{"name":"{{Service}}","namespace":"{{MetalLBCluster.System}}","path":"/validate"} },
          "rules":[{"apiGroups":["metallb.io"],"apiVersions":["v1beta1"],"operations":["CREATE","UPDATE"],"resources":["ipaddresspools"]}]
        }
        """;

    private static Task<JsonObject> CertificateAsync() => Task.Run(() => WebhookCertificates.New(Host, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30)));

    private static async Task RefusedAsync(MetalLBCluster cluster, string why)
    {
        var error = await Assert.ThrowsAsync<HomelabException>(() => cluster.AddPoolAsync("other", """["172.19.254.0/28"]"""));
        Assert.Equal(Call + why, error.ServerText);
    }
}
