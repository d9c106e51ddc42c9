using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.Workloads;

public sealed class BudgetTests
{
    [Theory]
    [InlineData("\"minAvailable\":2", 2, 1)]
    [InlineData("\"minAvailable\":\"50%\"", 2, 1)]
    [InlineData("\"minAvailable\":\"100%\"", 3, 0)]
    [InlineData("\"maxUnavailable\":2", 1, 2)]
    [InlineData("\"maxUnavailable\":\"34%\"", 1, 2)]
    [InlineData("\"maxUnavailable\":0", 3, 0)]
    public async Task It_says_how_many_may_go(string spec, int desired, int allowed)
    {
        await using var cluster = await StartAsync(spec);
        var budget = await cluster.UntilAsync(Types.PodDisruptionBudget, "web", item => Number(item, "status.currentHealthy") == 3 && Number(item, "status.expectedPods") == 3, "all are healthy");
        Assert.Equal((desired, allowed), (Number(budget, "status.desiredHealthy"), Number(budget, "status.disruptionsAllowed")));
        Assert.Equal(allowed > 0 ? "SufficientPods" : "InsufficientPods", budget.Reason("DisruptionAllowed"));
        Assert.Equal(1, Number(budget, "status.observedGeneration"));
    }

    [Fact]
    public async Task Evictions_keep_to_it()
    {
        await using var cluster = await StartAsync("\"minAvailable\":2");
        await AllowsAsync(cluster, 1);
        var pods = await cluster.PodsAsync(3);
        await cluster.SetReadyAsync(Text(pods[0], "metadata.name"), isReady: false);
        await AllowsAsync(cluster, 0);
        Assert.Equal(HttpStatusCode.TooManyRequests, await EvictAsync(cluster, Text(pods[1], "metadata.name")));

        await cluster.SetReadyAsync(Text(pods[0], "metadata.name"), isReady: true);
        await AllowsAsync(cluster, 1);
        Assert.Equal(HttpStatusCode.Created, await EvictAsync(cluster, Text(pods[1], "metadata.name")));
        await cluster.GoneAsync(ResourceType.Pod, Text(pods[1], "metadata.name"));

        // Its place is taken by another, and nothing of the eviction is left.
        await cluster.UntilAsync(Types.PodDisruptionBudget, "web", item => Number(item, "status.currentHealthy") == 3 && Number(item, "status.disruptionsAllowed") == 1 && item["status"]!["disruptedPods"] is null, "it allows one again");
        Assert.Empty(cluster.Host.Faults);
    }

    [Theory]
    [InlineData("\"minAvailable\":2", HttpStatusCode.Created)]
    [InlineData("\"minAvailable\":3", HttpStatusCode.TooManyRequests)]
    [InlineData("\"minAvailable\":3,\"unhealthyPodEvictionPolicy\":\"AlwaysAllow\"", HttpStatusCode.Created)]
    public async Task A_pod_that_is_not_ready_goes_where_the_budget_is_kept_without_it(string spec, HttpStatusCode expected)
    {
        await using var cluster = await StartAsync(spec);
        var pods = await cluster.PodsAsync(3);
        await cluster.SetReadyAsync(Text(pods[0], "metadata.name"), isReady: false);
        await cluster.UntilAsync(Types.PodDisruptionBudget, "web", item => Number(item, "status.disruptionsAllowed") == 0 && Number(item, "status.currentHealthy") == 2 && Number(item, "status.expectedPods") == 3, "two are healthy");
        Assert.Equal(expected, await EvictAsync(cluster, Text(pods[0], "metadata.name")));
    }

    private static async Task<Cluster> StartAsync(string spec)
    {
        var cluster = await WorkloadCluster.StartAsync();
        await cluster.CreateAsync(Types.PodDisruptionBudget, $$"""{"metadata":{"name":"web"},"spec":{"selector":{"matchLabels":{"app":"web"} },{{spec}} } }""");
        await cluster.CreateAsync(Types.ReplicaSet, """{"metadata":{"name":"web"},"spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"main","image":"main:1"}]}}}}""");
        return cluster;
    }

    private static Task<JsonObject> AllowsAsync(Cluster cluster, int count) => cluster.UntilAsync(
        Types.PodDisruptionBudget, "web", item => Number(item, "status.disruptionsAllowed") == count && Number(item, "status.currentHealthy") == count + 2 && Number(item, "status.expectedPods") == 3, $"it allows {count}");

    private static async Task<HttpStatusCode> EvictAsync(Cluster cluster, string pod)
    {
        using var http = new HttpClient { BaseAddress = cluster.Server.Url };
        using var body = new StringContent($$"""{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"{{pod}}","namespace":"default"} }""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri($"api/v1/namespaces/default/pods/{pod}/eviction", UriKind.Relative), body, Cluster.Stop);
        return answer.StatusCode;
    }
}
