using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.Workloads;

/// <summary>What no conformance check asks of a real server: history that is cut, taken over, and kept below a partition.</summary>
public sealed class RevisionHistoryTests
{
    [Fact]
    public async Task No_more_is_kept_than_is_wanted_and_what_pods_are_of()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await cluster.CreateAsync(Types.StatefulSet, Database("\"revisionHistoryLimit\":1,"));
        await FinishedAsync(cluster, "db:1");
        foreach (var image in new[] { "db:2", "db:3", "db:4" })
        {
            await SetImageAsync(cluster, image);
            await FinishedAsync(cluster, image);
        }

        await Cluster.UntilAsync(async () => (await ImagesAsync(cluster)).SequenceEqual(["3 db:3", "4 db:4"]), "the present one and one more are left");
        Assert.Empty(cluster.Host.Faults);
    }

    [Fact]
    public async Task A_pod_below_the_partition_is_made_anew_of_the_former_template()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await cluster.CreateAsync(Types.StatefulSet, Database("\"updateStrategy\":{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"partition\":1} },"));
        var former = Text(await FinishedAsync(cluster, "db:1"), "status.currentRevision");
        await SetImageAsync(cluster, "db:2");
        await cluster.UntilAsync(ResourceType.Pod, "db-1", pod => Image(pod) == "db:2", "the one above is updated");
        var pod = await cluster.GetAsync(ResourceType.Pod, "db-0");
        await cluster.DeleteAsync(ResourceType.Pod, "db-0");
        var next = await cluster.UntilAsync(ResourceType.Pod, "db-0", item => Ownership.Uid(item) != Ownership.Uid(pod), "another takes its name");
        Assert.Equal(("db:1", former), (Image(next), (string?)next["metadata"]!["labels"]!["controller-revision-hash"]));
    }

    [Fact]
    public async Task Pods_and_history_that_were_left_are_taken_over()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await cluster.CreateAsync(Types.StatefulSet, Database());
        await FinishedAsync(cluster, "db:1");
        await SetImageAsync(cluster, "db:2");
        await FinishedAsync(cluster, "db:2");
        var pods = (await cluster.PodsAsync(2)).Select(Ownership.Uid);
        await cluster.DeleteAsync(Types.StatefulSet, "db", new DeleteRequest { Propagation = "Orphan" });
        await cluster.GoneAsync(Types.StatefulSet, "db");
        await cluster.CreateAsync(Types.StatefulSet, Database().Replace("db:1", "db:2", StringComparison.Ordinal));
        var set = await FinishedAsync(cluster, "db:2");
        await cluster.RestAsync();
        Assert.Equal(pods, (await cluster.PodsAsync(2)).Select(Ownership.Uid));
        Assert.Equal(["1 db:1", "2 db:2"], await ImagesAsync(cluster));
        Assert.All(await cluster.ListAsync(Types.ControllerRevision), item => Assert.Equal(Ownership.Uid(set), Ownership.ControllerUid(item)));
        Assert.Empty(cluster.Host.Faults);
    }

    [Fact]
    public async Task A_name_that_is_taken_by_another_revision_is_left()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await cluster.CreateAsync(Types.StatefulSet, Database());
        var first = Text(await FinishedAsync(cluster, "db:1"), "status.currentRevision");
        await cluster.DeleteAsync(Types.StatefulSet, "db");
        await cluster.GoneAsync(Types.StatefulSet, "db");
        await Cluster.UntilAsync(async () => (await cluster.ListAsync(Types.ControllerRevision)).Count == 0, "its history is collected");
        await cluster.CreateAsync(Types.ControllerRevision, $$$"""{"metadata":{"name":"{{{first}}}"},"revision":7,"data":{"spec":{"template":{} } } }""");
        await cluster.CreateAsync(Types.StatefulSet, Database());
        var set = await FinishedAsync(cluster, "db:1");
        Assert.NotEqual(first, Text(set, "status.currentRevision"));
        Assert.Equal(1, Number(set, "status.collisionCount"));
    }

    private static string Database(string spec = "") => $$"""
        {"metadata":{"name":"db"},"spec":{"replicas":2,"serviceName":"db",{{spec}}"selector":{"matchLabels":{"app":"db"} },
        "template":{"metadata":{"labels":{"app":"db"} },"spec":{"nodeName":"n1","containers":[{"name":"main","image":"db:1"}]} } } }
        """;

    private static Task<JsonObject> SetImageAsync(Cluster cluster, string image) =>
        cluster.PatchAsync(Types.StatefulSet, "db", $$"""{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"{{image}}"}]} } } }""");

    private static async Task<JsonObject> FinishedAsync(Cluster cluster, string image)
    {
        await cluster.PodsAsync(2, pod => Image(pod) == image);
        return await cluster.UntilAsync(
            Types.StatefulSet,
            "db",
            item => Number(item, "status.observedGeneration") == Number(item, "metadata.generation") && Number(item, "status.readyReplicas") == 2 && Text(item, "status.currentRevision") == Text(item, "status.updateRevision"),
            "all are ready");
    }

    private static async Task<IEnumerable<string>> ImagesAsync(Cluster cluster) => (await cluster.ListAsync(Types.ControllerRevision))
        .OrderBy(item => Number(item, "revision")).Select(item => $"{Number(item, "revision")} {Text(Items(item, "data.spec.template.spec.containers").Single(), "image")}");

    private static string Image(JsonObject pod) => Text(Items(pod, "spec.containers").First(), "image");
}
