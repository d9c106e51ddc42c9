using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.Workloads;

public sealed class StatefulSetTests
{
    [Fact]
    public async Task It_starts_in_order_with_a_claim_for_each()
    {
        await using var cluster = await WorkloadCluster.StartAsync(out var kubelet);
        kubelet.Broken["db:1"] = true;
        await cluster.CreateAsync(Types.StatefulSet, Database());
        for (var ordinal = 0; ordinal < 3; ordinal++)
        {
            var name = $"db-{ordinal}";
            await cluster.PodsAsync(ordinal + 1);
            await cluster.RestAsync();
            var pod = (await cluster.PodsAsync(ordinal + 1))[^1];
            Assert.Equal((name, name, "db"), (Text(pod, "metadata.name"), Text(pod, "spec.hostname"), Text(pod, "spec.subdomain")));
            Assert.Equal((name, $"{ordinal}"), ((string?)pod["metadata"]!["labels"]!["statefulset.kubernetes.io/pod-name"], (string?)pod["metadata"]!["labels"]!["apps.kubernetes.io/pod-index"]));
            Assert.Equal($"data-{name}", Text(Items(pod, "spec.volumes").Single(volume => Text(volume, "name") == "data"), "persistentVolumeClaim.claimName"));
            Assert.NotNull(await cluster.FindAsync(Types.PersistentVolumeClaim, $"data-{name}"));
            await cluster.SetReadyAsync(name, isReady: true);
        }

        await FinishedAsync(cluster, 3);
        Assert.Contains(await cluster.EventsAsync("db"), item => item.Reason == "SuccessfulCreate" && item.Message == "create Pod db-0 in StatefulSet db successful");
        Assert.Empty(cluster.Host.Faults);
    }

    [Fact]
    public async Task It_goes_down_in_reverse_and_leaves_the_claims()
    {
        await using var cluster = await WorkloadCluster.StartAsync(out var kubelet);
        await cluster.CreateAsync(Types.StatefulSet, Database());
        await FinishedAsync(cluster, 3);
        kubelet.Dead["n1"] = true;
        await cluster.PatchAsync(Types.StatefulSet, "db", """{"spec":{"replicas":1}}""");
        await cluster.UntilAsync(ResourceType.Pod, "db-2", Ownership.IsDeleting, "the last one goes first");
        await cluster.RestAsync();
        Assert.Equal(["db-0", "db-1"], (await cluster.PodsAsync(2)).Select(pod => Text(pod, "metadata.name")));

        await cluster.DeleteAsync(ResourceType.Pod, "db-2", new() { GracePeriodSeconds = 0 });
        await cluster.UntilAsync(ResourceType.Pod, "db-1", Ownership.IsDeleting, "the next one goes");
        await cluster.DeleteAsync(ResourceType.Pod, "db-1", new() { GracePeriodSeconds = 0 });
        await FinishedAsync(cluster, 1);
        Assert.Equal(3, (await cluster.ListAsync(Types.PersistentVolumeClaim)).Count);
    }

    [Fact]
    public async Task A_new_template_begins_with_the_last_and_waits_for_each()
    {
        await using var cluster = await WorkloadCluster.StartAsync(out var kubelet);
        await cluster.CreateAsync(Types.StatefulSet, Database());
        var first = Text(await FinishedAsync(cluster, 3), "status.currentRevision");
        kubelet.Broken["db:2"] = true;
        await SetImageAsync(cluster, "db:2");
        for (var ordinal = 2; ordinal >= 0; ordinal--)
        {
            await cluster.UntilAsync(ResourceType.Pod, $"db-{ordinal}", pod => Image(pod) == "db:2", "it is updated");
            await cluster.RestAsync();
            Assert.Equal([.. Enumerable.Repeat("db:1", ordinal), .. Enumerable.Repeat("db:2", 3 - ordinal)], (await cluster.PodsAsync(3)).Select(Image));
            var set = await cluster.GetAsync(Types.StatefulSet, "db");
            Assert.Equal((first, 3 - ordinal), (Text(set, "status.currentRevision"), Number(set, "status.updatedReplicas")));
            await cluster.SetReadyAsync($"db-{ordinal}", isReady: true);
        }

        var done = await FinishedAsync(cluster, 3);
        Assert.NotEqual(first, Text(done, "status.currentRevision"));
        Assert.Equal(Text(done, "status.updateRevision"), Text(done, "status.currentRevision"));
    }

    [Fact]
    public async Task A_partition_keeps_those_below_it()
    {
        await using var cluster = await WorkloadCluster.StartAsync();
        await cluster.CreateAsync(Types.StatefulSet, Database("\"updateStrategy\":{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"partition\":2} },"));
        await FinishedAsync(cluster, 3);
        await SetImageAsync(cluster, "db:2");
        await cluster.UntilAsync(Types.StatefulSet, "db", item => Number(item, "status.updatedReplicas") == 1 && Number(item, "status.readyReplicas") == 3, "the last one is updated");
        await cluster.RestAsync();
        Assert.Equal(["db:1", "db:1", "db:2"], (await cluster.PodsAsync(3)).Select(Image));
    }

    [Fact]
    public async Task In_parallel_nobody_waits_and_a_pod_that_has_ended_is_replaced()
    {
        await using var cluster = await WorkloadCluster.StartAsync(out var kubelet);
        kubelet.Broken["db:1"] = true;
        await cluster.CreateAsync(Types.StatefulSet, Database("\"podManagementPolicy\":\"Parallel\","));
        var pod = (await cluster.PodsAsync(3))[1];
        await cluster.EndAsync(pod, 1);
        await cluster.UntilAsync(ResourceType.Pod, "db-1", item => Ownership.Uid(item) != Ownership.Uid(pod), "another takes its name");
        await cluster.PodsAsync(3);
        Assert.Empty(cluster.Host.Faults);
    }

    private static string Database(string spec = "") => $$"""
        {"metadata":{"name":"db"},"spec":{"replicas":3,"serviceName":"db",{{spec}}"selector":{"matchLabels":{"app":"db"} },
        "template":{"metadata":{"labels":{"app":"db"} },"spec":{"nodeName":"n1","containers":[{"name":"main","image":"db:1"}]} },
        "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"} } } }]} }
        """;

    private static Task<JsonObject> SetImageAsync(Cluster cluster, string image) =>
        cluster.PatchAsync(Types.StatefulSet, "db", $$"""{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"{{image}}"}]} } } }""");

    private static Task<JsonObject> FinishedAsync(Cluster cluster, int count) => cluster.UntilAsync(
        Types.StatefulSet,
        "db",
        item => Number(item, "status.observedGeneration") == Number(item, "metadata.generation") && Text(item, "status.currentRevision") == Text(item, "status.updateRevision")
            && ((string[])["replicas", "readyReplicas", "availableReplicas", "updatedReplicas", "currentReplicas"]).All(field => Number(item, $"status.{field}") == count),
        $"all {count} are ready");

    private static string Image(JsonObject pod) => Text(Items(pod, "spec.containers").First(), "image");
}
