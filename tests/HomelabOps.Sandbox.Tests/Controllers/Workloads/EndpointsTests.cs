using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.Workloads;

public sealed class EndpointsTests
{
    private const string Labels = "\"app\":\"web\"";
    private const string Ports = "{\"name\":\"http\",\"containerPort\":8080}";

    [Fact]
    public async Task They_follow_the_pods_that_are_ready()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await cluster.CreateAsync(Types.Service, Service());
        await cluster.AddPodAsync("a", labels: Labels, ports: Ports);
        await cluster.AddPodAsync("b", labels: Labels, ports: Ports);
        await cluster.AddPodAsync("other", labels: "\"app\":\"other\"", ports: Ports);
        await BehindAsync(cluster, ["a", "b"], []);
        var endpoints = await cluster.GetAsync(Types.Endpoints, "web");
        Assert.Equal("""[{"port":8080,"protocol":"TCP","name":"web"}]""", Items(endpoints, "subsets").Single()["ports"]!.ToJsonString());
        var slice = await SliceAsync(cluster);
        Assert.Equal(("IPv4", """[{"port":8080,"protocol":"TCP","name":"web"}]"""), (Text(slice, "addressType"), slice["ports"]!.ToJsonString()));
        Assert.StartsWith("web-", Text(slice, "metadata.name"), StringComparison.Ordinal);

        await cluster.SetReadyAsync("b", isReady: false);
        await BehindAsync(cluster, ["a"], ["b"]);
        await cluster.SetReadyAsync("b", isReady: true);
        await BehindAsync(cluster, ["a", "b"], []);
        await cluster.PatchAsync(ResourceType.Pod, "a", """{"metadata":{"labels":{"app":"gone"}}}""");
        await BehindAsync(cluster, ["b"], []);
        await cluster.DeleteAsync(ResourceType.Pod, "b");
        await BehindAsync(cluster, [], []);
        Assert.Empty(cluster.Host.Faults);
    }

    [Fact]
    public async Task They_come_back_when_somebody_deletes_them_and_go_with_the_Service()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await cluster.AddPodAsync("a", labels: Labels, ports: Ports);
        await cluster.CreateAsync(Types.Service, Service());
        await BehindAsync(cluster, ["a"], []);
        await cluster.DeleteAsync(Types.Endpoints, "web");
        await cluster.DeleteAsync(Types.EndpointSlice, Text(await SliceAsync(cluster), "metadata.name"));
        await BehindAsync(cluster, ["a"], []);

        await cluster.DeleteAsync(Types.Service, "web");
        await cluster.GoneAsync(Types.Endpoints, "web");
        await Cluster.UntilAsync(async () => !(await cluster.ListAsync(Types.EndpointSlice)).Exists(IsOfWeb), "the slice is gone");
    }

    [Fact]
    public async Task All_that_comes_at_once_is_there_in_the_end()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(index => (Task)cluster.AddPodAsync($"p{index:00}", labels: Labels, ports: Ports)).Append(cluster.CreateAsync(Types.Service, Service())));
        await BehindAsync(cluster, [.. Enumerable.Range(0, 12).Select(index => $"p{index:00}")], []);
        Assert.Empty(cluster.Host.Faults);
    }

    [Fact]
    public async Task Those_that_need_not_be_ready_and_those_without_a_selector()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await cluster.CreateAsync(Types.Service, Service("\"publishNotReadyAddresses\":true,"));
        await cluster.CreateAsync(Types.Service, """{"metadata":{"name":"manual"},"spec":{"ports":[{"port":80}]}}""");
        await cluster.AddPodAsync("a", labels: Labels, ports: Ports);
        await BehindAsync(cluster, ["a"], []);
        await cluster.SetReadyAsync("a", isReady: false);
        await cluster.RestAsync();
        await BehindAsync(cluster, ["a"], []);
        Assert.Null(await cluster.FindAsync(Types.Endpoints, "manual"));
    }

    [Fact]
    public async Task A_pod_that_is_about_to_end_still_serves_and_is_not_ready()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await cluster.CreateAsync(Types.Service, Service());
        await cluster.AddPodAsync("a", labels: Labels, ports: Ports);
        await BehindAsync(cluster, ["a"], []);
        await cluster.PatchAsync(ResourceType.Pod, "a", """{"metadata":{"finalizers":["example.org/wait"]}}""");
        await cluster.DeleteAsync(ResourceType.Pod, "a");
        await Cluster.UntilAsync(
            async () => Items(await SliceAsync(cluster), "endpoints").SingleOrDefault()?["conditions"]?.ToJsonString() == """{"ready":false,"serving":true,"terminating":true}""",
            "the slice says that it ends");
        await Cluster.UntilAsync(async () => Items(await cluster.FindAsync(Types.Endpoints, "web"), "subsets").FirstOrDefault() is null, "the Endpoints do not have it");
    }

    private static string Service(string spec = "") =>
        $$"""{"metadata":{"name":"web","labels":{"team":"x"} },"spec":{ {{spec}}"selector":{"app":"web"},"ports":[{"name":"web","port":80,"targetPort":"http"}]} }""";

    private static bool IsOfWeb(JsonObject slice) => (string?)slice["metadata"]?["labels"]?["kubernetes.io/service-name"] == "web";

    private static async Task<JsonObject> SliceAsync(Cluster cluster) => Assert.Single(await cluster.ListAsync(Types.EndpointSlice), IsOfWeb);

    // Both say the same.
    private static Task BehindAsync(Cluster cluster, string[] ready, string[] notReady) => Cluster.UntilAsync(
        async () =>
        {
            var subset = Items(await cluster.FindAsync(Types.Endpoints, "web"), "subsets").SingleOrDefault();
            var slices = (await cluster.ListAsync(Types.EndpointSlice)).Where(IsOfWeb).SelectMany(slice => Items(slice, "endpoints")).ToList();
            return Names(Items(subset, "addresses")).SequenceEqual(ready) && Names(Items(subset, "notReadyAddresses")).SequenceEqual(notReady)
                && Names(slices.Where(endpoint => Text(endpoint, "conditions.ready") == "true")).SequenceEqual(ready)
                && Names(slices.Where(endpoint => Text(endpoint, "conditions.ready") != "true")).SequenceEqual(notReady);
        },
        $"behind it are {string.Join(' ', ready)}, and not ready {string.Join(' ', notReady)}");

    private static IEnumerable<string> Names(IEnumerable<JsonObject> addresses) => addresses.Select(address => Text(address, "targetRef.name")).Order(StringComparer.Ordinal);
}
