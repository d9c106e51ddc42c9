using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Ingresses;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.Ingresses;

public sealed class IngressStatusTests
{
    [Fact]
    public async Task Ingresses_of_its_class_get_the_address_that_is_published()
    {
        await using var cluster = new Cluster();
        cluster.Host.Add(new IngressStatusController(cluster.Host));
        await cluster.Host.StartAsync(Cluster.Stop);
        await CreateAsync(cluster, Types.IngressClass, "traefik", """{"spec":{"controller":"traefik.io/ingress-controller"}}""");
        await CreateAsync(cluster, Types.IngressClass, "other", """{"spec":{"controller":"example.org/other"}}""");
        foreach (var name in (string[])["traefik", "other"])
        {
            await CreateAsync(cluster, Types.Ingress, name, $$"""{"spec":{"ingressClassName":"{{name}}","defaultBackend":{"service":{"name":"a","port":{"number":80} } } } }""");
        }

        await CreateAsync(cluster, Types.Service, "lb", """{"spec":{"type":"LoadBalancer","ports":[{"port":80}]}}""");
        await CreateAsync(cluster, Types.Deployment, "traefik", """{"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"a","image":"docker.io/library/traefik:v3.3.5","args":["--providers.kubernetesIngress.ingressEndpoint.publishedService=default/lb"]}]}}}}""");
        await StatusAsync(cluster, Types.Service, "lb", """{"loadBalancer":{"ingress":[{"ip":"192.168.1.200","ipMode":"VIP"}]}}""");
        Assert.Null(Cells.At(await FindAsync(cluster, "traefik"), "status.loadBalancer.ingress"));

        // Only while a pod of it is ready.
        await StatusAsync(cluster, Types.Deployment, "traefik", """{"replicas":1,"readyReplicas":1}""");
        await UntilAddressAsync(cluster, "192.168.1.200");
        await StatusAsync(cluster, Types.Service, "lb", """{"loadBalancer":{"ingress":[{"ip":"192.168.1.201"}]}}""");
        await UntilAddressAsync(cluster, "192.168.1.201");
        Assert.Null(Cells.At(await FindAsync(cluster, "other"), "status.loadBalancer.ingress"));
    }

    private static Task UntilAddressAsync(Cluster cluster, string address) => Cluster.UntilAsync(
        async () => Cells.At(await FindAsync(cluster, "traefik"), "status.loadBalancer.ingress")?.ToJsonString() == $$"""[{"ip":"{{address}}"}]""",
        address);

    private static Task<JsonObject?> FindAsync(Cluster cluster, string name) => cluster.Client.FindObjectAsync(Types.Ingress, "default", name, Cluster.Stop);

    private static Task<JsonObject> CreateAsync(Cluster cluster, ResourceType type, string name, string body)
    {
        var item = JsonNode.Parse(body)!.AsObject();
        (item["apiVersion"], item["kind"], item["metadata"]) = (type.ApiVersion, type.Kind, new JsonObject { ["name"] = name });
        return cluster.Client.CreateAsync(type, type.Namespaced ? "default" : null, item, Cluster.Stop);
    }

    private static Task<JsonObject> StatusAsync(Cluster cluster, ResourceType type, string name, string status) =>
        cluster.Client.PatchAsync(type, "default", name, PatchKind.Merge, new JsonObject { ["status"] = JsonNode.Parse(status) }, Cluster.Stop, new WriteOptions { Subresource = "status" });
}
