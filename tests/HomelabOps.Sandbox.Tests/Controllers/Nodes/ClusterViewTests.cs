using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.Nodes.Kubelet;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.Nodes;

public sealed class ClusterViewTests
{
    [Fact]
    public async Task What_a_pod_refers_to_is_known_before_the_pod_is_looked_at()
    {
        await using var cluster = new Cluster();
        var view = new ClusterView(cluster.Host);
        await cluster.Host.StartAsync(Cluster.Stop);
        for (var number = 0; number < 100; number++)
        {
            var name = $"app{number}";
            foreach (var type in (ResourceType[])[Types.ConfigMap, Types.Secret, Types.PersistentVolumeClaim])
            {
                await cluster.Client.CreateAsync(type, "default", Item(type, name), Cluster.Stop);
                await view.CatchUpAsync(Pod(type, name), Cluster.Stop);
                Assert.NotNull(cluster.Host.Informer(type).Find("default", name));
            }
        }
    }

    [Fact]
    public async Task What_is_not_there_is_not_waited_for()
    {
        await using var cluster = new Cluster();
        var view = new ClusterView(cluster.Host);
        await cluster.Host.StartAsync(Cluster.Stop);
        await view.CatchUpAsync(Pod(Types.Secret, "absent"), Cluster.Stop);
        Assert.Null(view.Secrets.Find("default", "absent"));
    }

    private static JsonObject Item(ResourceType type, string name)
    {
        var item = new JsonObject { ["apiVersion"] = type.ApiVersion, ["kind"] = type.Kind, ["metadata"] = new JsonObject { ["name"] = name } };
        if (type == Types.PersistentVolumeClaim)
        {
            item["spec"] = new JsonObject { ["accessModes"] = new JsonArray("ReadWriteOnce"), ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = "1Gi" } } };
        }

        return item;
    }

    // Each type where a kubelet looks for it another way: a variable, a projected volume, a claim.
    private static JsonObject Pod(ResourceType type, string name)
    {
        var spec = type.Kind switch
        {
            "ConfigMap" => new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["env"] = new JsonArray(new JsonObject { ["name"] = "A", ["valueFrom"] = new JsonObject { ["configMapKeyRef"] = new JsonObject { ["name"] = name, ["key"] = "a" } } }) }) },
            "Secret" => new JsonObject { ["volumes"] = new JsonArray(new JsonObject { ["name"] = "a", ["projected"] = new JsonObject { ["sources"] = new JsonArray(new JsonObject { ["secret"] = new JsonObject { ["name"] = name } }) } }) },
            _ => new JsonObject { ["volumes"] = new JsonArray(new JsonObject { ["name"] = "a", ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = name } }) },
        };
        return new() { ["metadata"] = new JsonObject { ["name"] = "app", ["namespace"] = "default" }, ["spec"] = spec };
    }
}
