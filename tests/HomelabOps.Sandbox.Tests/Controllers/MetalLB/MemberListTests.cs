using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.MetalLB;

public sealed class MemberListTests
{
    private const string Deployment = """
        {"metadata":{"name":"controller","namespace":"metallb-system","labels":{"app":"metallb","component":"controller"} },
         "spec":{"selector":{"matchLabels":{"app":"metallb"} },"template":{"metadata":{"labels":{"app":"metallb"} },"spec":{"containers":[{"name":"controller","image":"quay.io/metallb/controller:v0.14.9"}]} } } }
        """;

    [Fact]
    public async Task A_controller_that_starts_makes_the_key_of_the_speakers_where_it_is_missing()
    {
        await using var cluster = await MetalLBCluster.StartAsync();
        await cluster.AddAsync(Types.Deployment, Deployment);
        var first = await SecretAsync(cluster);
        Assert.Equal(128, Convert.FromBase64String(Encoding.UTF8.GetString(Convert.FromBase64String(Text(first, "data.secretkey")))).Length);
        Assert.Equal("controller", Text(Items(first, "metadata.ownerReferences").Single(), "name"));

        // All of it is deleted, as by a prune, and comes anew.
        await cluster.Inner.Client.DeleteAsync(Types.Deployment, MetalLBCluster.System, "controller", new DeleteRequest { Propagation = "Background" }, Cluster.Stop);
        await Cluster.UntilAsync(async () => await FindAsync(cluster) is null, "it has gone with its owner");
        await cluster.AddAsync(Types.Deployment, Deployment);
        Assert.NotEqual(Text(first, "data.secretkey"), Text(await SecretAsync(cluster), "data.secretkey"));
        Assert.Empty(cluster.Inner.Host.Faults);
    }

    private static async Task<JsonObject> SecretAsync(MetalLBCluster cluster)
    {
        JsonObject? secret = null;
        await Cluster.UntilAsync(async () => (secret = await FindAsync(cluster)) is not null, "it is made");
        return secret!;
    }

    private static Task<JsonObject?> FindAsync(MetalLBCluster cluster) => cluster.Inner.Client.FindObjectAsync(Types.Secret, MetalLBCluster.System, "memberlist", Cluster.Stop);
}
