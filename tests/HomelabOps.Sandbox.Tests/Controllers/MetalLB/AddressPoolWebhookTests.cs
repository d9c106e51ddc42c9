using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Sandbox.Controllers.MetalLB;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.MetalLB;

public sealed class AddressPoolWebhookTests
{
    private const string Configuration = """{"metadata":{"name":"metallb-webhook-configuration"},"webhooks":[{"name":"ipaddresspoolvalidationwebhook.metallb.io","admissionReviewVersions":["v1"],"sideEffects":"None","clientConfig":{"service":{"name":"metallb-webhook-service","namespace":"metallb-system"} } }]}""";
    private const string Denied = "admission webhook \"ipaddresspoolvalidationwebhook.metallb.io\" denied the request: ";

    [Theory]
    [InlineData("10.0.0.0/33", "parsing address pool other: invalid CIDR \"10.0.0.0/33\" in pool \"other\": invalid CIDR \"10.0.0.0/33\"")]
    [InlineData("10.0.0.9-10.0.0.1", "parsing address pool other: invalid CIDR \"10.0.0.9-10.0.0.1\" in pool \"other\": invalid IP range \"10.0.0.9-10.0.0.1\": start IP \"10.0.0.9\" is after the end IP \"10.0.0.1\"")]
    [InlineData("172.19.255.230-172.19.255.239", "CIDR \"172.19.255.230/31\" in pool \"other\" overlaps with already defined CIDR \"172.19.255.224/28\"")]
    public async Task A_pool_that_makes_no_sense_is_refused(string addresses, string why)
    {
        await using var cluster = await MetalLBCluster.StartAsync("172.19.255.200-172.19.255.250");
        AddressPoolWebhook.Serve(cluster.Inner.Server.Services.Options.Webhooks, cluster.Inner.Host, MetalLBCluster.System);
        await cluster.AddAsync(Types.ValidatingWebhookConfiguration, Configuration);
        await cluster.AddServiceAsync("first");
        await cluster.HasAddressAsync("first", "172.19.255.200");

        // As the pool is known by now, so is all of it.
        var error = await Assert.ThrowsAsync<HomelabException>(() => cluster.AddPoolAsync("other", $"""["{addresses}"]"""));
        Assert.Equal(Denied + why, error.ServerText);
        await cluster.AddPoolAsync("third", """["172.19.254.0/28","172.19.255.251-172.19.255.255"]""");
        await cluster.PatchAsync(Types.IpAddressPool, MetalLBCluster.System, "third", """{"spec":{"autoAssign":false}}""");
    }
}
