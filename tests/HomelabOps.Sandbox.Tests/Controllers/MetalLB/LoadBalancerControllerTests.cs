using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.MetalLB;

public sealed class LoadBalancerControllerTests
{
    [Fact]
    public async Task A_pool_has_defaults_and_its_addresses_in_one_cell()
    {
        await using var cluster = await MetalLBCluster.StartAsync("10.0.0.0/30");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(cluster.Inner.Server.Url, "apis/metallb.io/v1beta1/ipaddresspools"));
        request.Headers.Add("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io");
        using var response = await http.SendAsync(request, Cluster.Stop);
        var table = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cluster.Stop))!;
        Assert.Equal("""["home",true,false,"[\"10.0.0.0/30\"]"]""", table["rows"]![0]!["cells"]!.ToJsonString().Replace("\\u0022", "\\\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Services_get_addresses_one_after_the_other_until_there_are_none()
    {
        await using var cluster = await MetalLBCluster.StartAsync("192.168.1.240-192.168.1.241");
        await cluster.AddServiceAsync("one");
        await cluster.HasAddressAsync("one", "192.168.1.240");
        await cluster.HasEventAsync("one", "Normal IPAllocated Assigned IP [\"192.168.1.240\"]");
        await cluster.AddServiceAsync("two");
        await cluster.HasAddressAsync("two", "192.168.1.241");
        await cluster.AddServiceAsync("three");
        await cluster.HasEventAsync("three", "Warning AllocationFailed Failed to allocate IP for \"default/three\": no available IPs");
        await Cluster.UntilAsync(
            async () => await cluster.Inner.Client.FindObjectAsync(Types.IpAddressPool, MetalLBCluster.System, "home", Cluster.Stop) is { } pool && (Number(pool, "status.assignedIPv4"), Number(pool, "status.availableIPv4")) == (2, 0),
            "the pool says that it is used up");

        await cluster.Inner.Client.DeleteAsync(Types.Service, "default", "one", new DeleteRequest(), Cluster.Stop);
        await cluster.HasAddressAsync("three", "192.168.1.240");
        Assert.Equal("home", (string?)(await cluster.Inner.Client.FindObjectAsync(Types.Service, "default", "three", Cluster.Stop))!["metadata"]!["annotations"]!["metallb.io/ip-allocated-from-pool"]);
        await cluster.PatchAsync(Types.Service, "default", "two", """{"spec":{"type":"ClusterIP"}}""");
        await cluster.HasAddressAsync("two", "");
        Assert.Empty(cluster.Inner.Host.Faults);
    }

    [Fact]
    public async Task A_pool_that_comes_later_and_one_that_changes_are_followed()
    {
        await using var cluster = await MetalLBCluster.StartAsync();
        await cluster.AddServiceAsync("one");
        await cluster.AddPoolAsync("home", """["10.0.0.0/30"]""", ""","avoidBuggyIPs":true""");
        await cluster.HasAddressAsync("one", "10.0.0.1");
        await cluster.PatchAsync(Types.IpAddressPool, MetalLBCluster.System, "home", """{"spec":{"addresses":["10.9.0.0/30"]}}""");
        await cluster.HasAddressAsync("one", "10.9.0.1");
        await cluster.HasEventAsync("one", "Normal ClearAssignment current IP for \"default/one\" not allowed by config, will attempt for new IP assignment: [\"10.0.0.1\"] is not allowed in config");
    }

    [Fact]
    public async Task Wishes_are_met_or_refused_with_a_reason()
    {
        await using var cluster = await MetalLBCluster.StartAsync("10.0.0.1-10.0.0.9");
        await cluster.AddPoolAsync("manual", """["10.1.0.0/24"]""", ""","autoAssign":false""");
        await cluster.AddServiceAsync("annotated", """{"metallb.io/loadBalancerIPs":"10.0.0.7"}""");
        await cluster.HasAddressAsync("annotated", "10.0.0.7");
        await cluster.AddServiceAsync("specified", more: ""","loadBalancerIP":"10.0.0.5" """);
        await cluster.HasAddressAsync("specified", "10.0.0.5");
        await cluster.AddServiceAsync("pooled", """{"metallb.universe.tf/address-pool":"manual"}""");
        await cluster.HasAddressAsync("pooled", "10.1.0.0");
        await cluster.AddServiceAsync("automatic");
        await cluster.HasAddressAsync("automatic", "10.0.0.1");

        await RefusedAsync(cluster, "outside", """{"metallb.io/loadBalancerIPs":"10.7.0.7"}""", "[\"10.7.0.7\"] is not allowed in config");
        await RefusedAsync(cluster, "nonsense", """{"metallb.io/loadBalancerIPs":"x"}""", "invalid metallb.io/loadBalancerIPs: \"x\"");
        await RefusedAsync(cluster, "unknown", """{"metallb.io/address-pool":"nothing"}""", "unknown pool \"nothing\"");
        await RefusedAsync(cluster, "other", """{"metallb.io/address-pool":"manual","metallb.io/loadBalancerIPs":"10.0.0.8"}""", "requested loadBalancer IP(s) [\"10.0.0.8\"] is not compatible with requested address pool manual");
        await RefusedAsync(cluster, "taken", """{"metallb.io/loadBalancerIPs":"10.0.0.7"}""", "can't change sharing key for \"default/taken\", address also in use by default/annotated");
    }

    [Fact]
    public async Task Services_with_the_same_key_share_an_address_as_long_as_their_ports_differ()
    {
        await using var cluster = await MetalLBCluster.StartAsync("10.0.0.1-10.0.0.2");
        const string shared = """{"metallb.io/allow-shared-ip":"dns","metallb.io/loadBalancerIPs":"10.0.0.1"}""";
        await cluster.AddServiceAsync("udp", shared, port: 53);
        await cluster.AddServiceAsync("web", shared, port: 80);
        await cluster.HasAddressAsync("udp", "10.0.0.1");
        await cluster.HasAddressAsync("web", "10.0.0.1");
        await RefusedAsync(cluster, "again", shared, "port TCP/80 is already in use on \"10.0.0.1\"");
    }

    [Fact]
    public async Task A_speaker_announces_where_an_advertisement_and_endpoints_are()
    {
        await using var cluster = await MetalLBCluster.StartAsync("10.0.0.1-10.0.0.9");
        foreach (var node in (string[])["k3s-w1", "k3s-w2"])
        {
            await cluster.AddAsync(ResourceType.Node, $$"""{"metadata":{"name":"{{node}}","labels":{"role":"{{(node == "k3s-w1" ? "primary" : "backup")}}"} } }""");
            await cluster.AddAsync(ResourceType.Pod, $$$"""{"metadata":{"name":"speaker-{{{node}}}","namespace":"{{{MetalLBCluster.System}}}","labels":{"app":"metallb","component":"speaker"} },"spec":{"nodeName":"{{{node}}}","containers":[{"name":"speaker","image":"speaker:1"}] } }""");
            await cluster.PatchAsync(ResourceType.Pod, MetalLBCluster.System, $"speaker-{node}", """{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}""", "status");
        }

        await cluster.AddServiceAsync("plex");
        await cluster.HasAddressAsync("plex", "10.0.0.1");
        await cluster.AddAsync(Types.Endpoints, """{"metadata":{"name":"plex","namespace":"default"},"subsets":[{"addresses":[{"ip":"10.42.0.5","nodeName":"k3s-w2"}],"ports":[{"port":80}]}]}""");
        await cluster.AddAsync(Types.L2Advertisement, $$"""{"metadata":{"name":"home","namespace":"{{MetalLBCluster.System}}"},"spec":{"nodeSelectors":[{"matchLabels":{"role":"backup"} }]} }""");
        await cluster.HasEventAsync("plex", "Normal nodeAssigned announcing from node \"k3s-w2\" with protocol \"layer2\"");
        await cluster.PatchAsync(Types.L2Advertisement, MetalLBCluster.System, "home", """{"spec":{"nodeSelectors":[{"matchLabels":{"role":"primary"}}]}}""");
        await cluster.HasEventAsync("plex", "Normal nodeAssigned announcing from node \"k3s-w1\" with protocol \"layer2\"");
    }

    private static async Task RefusedAsync(MetalLBCluster cluster, string name, string annotations, string reason)
    {
        await cluster.AddServiceAsync(name, annotations);
        await cluster.HasEventAsync(name, $"Warning AllocationFailed Failed to allocate IP for \"default/{name}\": {reason}");
        Assert.Equal("", await cluster.AddressAsync(name));
    }
}
