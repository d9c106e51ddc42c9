using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.Workloads;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.Workloads;

public sealed class DeploymentTests
{
    [Fact]
    public async Task It_comes_up_and_says_so()
    {
        await using var cluster = await StartAsync();
        await cluster.CreateAsync(Types.Deployment, Web(3));
        var web = await FinishedAsync(cluster);

        Assert.Equal((3, 3, 3, 3, 1), (Number(web, "status.replicas"), Number(web, "status.updatedReplicas"), Number(web, "status.readyReplicas"), Number(web, "status.availableReplicas"), Number(web, "status.observedGeneration")));
        Assert.Equal("MinimumReplicasAvailable", web.Reason("Available"));
        Assert.Equal("1", (string?)web["metadata"]!["annotations"]![ReplicaSetBlueprint.Revision]);
        Assert.Equal(["status"], Items(web, "metadata.managedFields").Where(entry => Text(entry, "manager") == "deployment-controller").Select(entry => Text(entry, "subresource")));
        var set = Assert.Single(await cluster.ListAsync(Types.ReplicaSet));
        var hash = (string?)set["metadata"]!["labels"]!["pod-template-hash"];
        Assert.Equal($"web-{hash}", Text(set, "metadata.name"));
        Assert.Equal($"ReplicaSet \"web-{hash}\" has successfully progressed.", web.Message("Progressing"));
        Assert.Equal(("3", "4"), ((string?)set["metadata"]!["annotations"]!["deployment.kubernetes.io/desired-replicas"], (string?)set["metadata"]!["annotations"]!["deployment.kubernetes.io/max-replicas"]));
        foreach (var pod in await cluster.ListAsync(ResourceType.Pod))
        {
            Assert.Matches($"^web-{hash}-[a-z0-9]{{5}}$", Text(pod, "metadata.name"));
            Assert.True(Ownership.IsControlledBy(pod, Types.ReplicaSet, $"web-{hash}"));
        }

        Assert.Contains(("ScalingReplicaSet", $"Scaled up replica set web-{hash} from 0 to 3"), await cluster.EventsAsync("web"));
        Assert.Equal(3, (await cluster.EventsAsync($"web-{hash}")).Count(item => item.Reason == "SuccessfulCreate"));
        Assert.Empty(cluster.Host.Faults);
    }

    [Fact]
    public async Task A_rolling_update_keeps_enough_pods_and_the_history()
    {
        await using var cluster = await StartAsync();
        var least = new Least(cluster.Host);
        cluster.Host.Add(least);
        await cluster.CreateAsync(Types.Deployment, Web(4));
        await FinishedAsync(cluster);
        least.Begin();
        for (var image = 2; image <= 4; image++)
        {
            await cluster.PatchAsync(Types.Deployment, "web", $$"""{"spec":{"revisionHistoryLimit":1,"template":{"spec":{"containers":[{"name":"web","image":"web:{{image}}"}] } } } }""");
            await FinishedAsync(cluster, image);
        }

        await cluster.RestAsync();
        Assert.InRange(least.Available, 3, 4);
        Assert.InRange(least.Most, 4, 5);
        var sets = await cluster.ListAsync(Types.ReplicaSet);
        Assert.Equal([3, 4], sets.Select(ReplicaSetBlueprint.RevisionOf).Order());
        Assert.Equal([0, 4], sets.OrderBy(ReplicaSetBlueprint.RevisionOf).Select(Rollout.Wanted));
        Assert.Empty(cluster.Host.Faults);
    }

    [Fact]
    public async Task Back_to_an_earlier_template_is_its_ReplicaSet_with_a_new_number()
    {
        await using var cluster = await StartAsync();
        await cluster.CreateAsync(Types.Deployment, Web(1));
        await FinishedAsync(cluster);
        var first = Text((await cluster.ListAsync(Types.ReplicaSet))[0], "metadata.name");
        await SetImageAsync(cluster, "web:2");
        await FinishedAsync(cluster, 2);
        await SetImageAsync(cluster, "web:1");
        await FinishedAsync(cluster, 3);

        var again = await cluster.GetAsync(Types.ReplicaSet, first);
        Assert.Equal((3, "1"), (ReplicaSetBlueprint.RevisionOf(again), (string?)again["metadata"]!["annotations"]![ReplicaSetBlueprint.RevisionHistory]));
        Assert.Equal(2, (await cluster.ListAsync(Types.ReplicaSet)).Count);
    }

    [Fact]
    public async Task Recreate_waits_for_a_pod_that_ends_on_a_dead_node()
    {
        await using var cluster = await StartAsync(out var kubelet);
        kubelet.Dead["gone"] = true;
        await cluster.CreateAsync(Types.Deployment, Web(1, "\"strategy\":{\"type\":\"Recreate\"},", node: "alive"));
        await FinishedAsync(cluster);
        var old = Assert.Single(await cluster.ListAsync(ResourceType.Pod));
        kubelet.Dead["alive"] = true;
        await SetImageAsync(cluster, "web:2", "alive");
        await cluster.UntilAsync(ResourceType.Pod, Text(old, "metadata.name"), Ownership.IsDeleting, "the old pod is deleted");
        await cluster.RestAsync();
        Assert.Single(await cluster.ListAsync(Types.ReplicaSet));

        kubelet.Dead.Clear();
        await cluster.DeleteAsync(ResourceType.Pod, Text(old, "metadata.name"), new() { GracePeriodSeconds = 0 });
        await FinishedAsync(cluster, 2);
        Assert.Equal(2, (await cluster.ListAsync(Types.ReplicaSet)).Count);
    }

    [Fact]
    public async Task A_rollout_that_does_not_move_is_late_by_the_homelab_s_clock()
    {
        await using var cluster = await StartAsync(out var kubelet);
        kubelet.Broken["web:1"] = true;
        await cluster.CreateAsync(Types.Deployment, Web(1));
        await cluster.UntilAsync(Types.Deployment, "web", item => item.Reason("Progressing") == "ReplicaSetUpdated" && Number(item, "status.unavailableReplicas") == 1, "the pod is made");
        await cluster.RestAsync();
        cluster.Clock.Advance(TimeSpan.FromSeconds(602));
        var late = await cluster.UntilAsync(Types.Deployment, "web", item => item.Reason("Progressing") == "ProgressDeadlineExceeded", "it is late");

        Assert.Equal("MinimumReplicasUnavailable", late.Reason("Available"));
        Assert.EndsWith("has timed out progressing.", late.Message("Progressing"), StringComparison.Ordinal);

        kubelet.Broken.Clear();
        await SetImageAsync(cluster, "web:2");
        await FinishedAsync(cluster, 2);
    }

    [Fact]
    public async Task It_scales_up_and_down_and_to_nothing()
    {
        await using var cluster = await StartAsync();
        await cluster.CreateAsync(Types.Deployment, Web(1));
        await FinishedAsync(cluster);
        foreach (var replicas in new[] { 5, 2, 0 })
        {
            await cluster.PatchAsync(Types.Deployment, "web", $$"""{"spec":{"replicas":{{replicas}} } }""");
            await cluster.UntilAsync(Types.Deployment, "web", item => Number(item, "status.replicas") == replicas && Number(item, "status.availableReplicas") == replicas && Number(item, "status.observedGeneration") == Number(item, "metadata.generation"), $"it has {replicas}");
        }

        await cluster.RestAsync();
        Assert.Empty(await cluster.ListAsync(ResourceType.Pod));
        Assert.Equal("NewReplicaSetAvailable", (await cluster.GetAsync(Types.Deployment, "web")).Reason("Progressing"));
    }

    [Fact]
    public async Task A_paused_one_scales_and_does_not_roll()
    {
        await using var cluster = await StartAsync();
        await cluster.CreateAsync(Types.Deployment, Web(2));
        await FinishedAsync(cluster);
        await cluster.PatchAsync(Types.Deployment, "web", """{"spec":{"paused":true,"replicas":3}}""");
        await SetImageAsync(cluster, "web:2");
        await cluster.UntilAsync(Types.Deployment, "web", item => Number(item, "status.replicas") == 3 && item.Reason("Progressing") == "DeploymentPaused", "it is paused");
        await cluster.RestAsync();
        Assert.Single(await cluster.ListAsync(Types.ReplicaSet));

        await cluster.PatchAsync(Types.Deployment, "web", """{"spec":{"paused":null}}""");
        await FinishedAsync(cluster, 2);
    }

    [Fact]
    public async Task Pods_and_ReplicaSets_without_an_owner_are_adopted_and_what_fits_no_more_is_let_go()
    {
        await using var cluster = await StartAsync();
        await cluster.CreateAsync(ResourceType.Pod, """{"metadata":{"name":"stray","labels":{"app":"plain"}},"spec":{"containers":[{"name":"web","image":"web:1"}]}}""");
        await cluster.CreateAsync(Types.ReplicaSet, """{"metadata":{"name":"plain","labels":{"app":"plain"}},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"plain"}},"template":{"metadata":{"labels":{"app":"plain"}},"spec":{"containers":[{"name":"web","image":"web:1"}]}}}}""");
        await cluster.UntilAsync(Types.ReplicaSet, "plain", item => Number(item, "status.readyReplicas") == 2, "it has two pods");
        Assert.True(Ownership.IsControlledBy(await cluster.GetAsync(ResourceType.Pod, "stray"), Types.ReplicaSet, "plain"));
        Assert.Equal(2, (await cluster.ListAsync(ResourceType.Pod)).Count);

        await cluster.PatchAsync(ResourceType.Pod, "stray", """{"metadata":{"labels":{"app":"other"}}}""");
        await cluster.UntilAsync(ResourceType.Pod, "stray", item => Ownership.ControllerOf(item) is null, "it is let go");
        await Cluster.UntilAsync(async () => (await cluster.ListAsync(ResourceType.Pod)).Count(item => Ownership.ControllerOf(item) is not null) == 2, "there is another pod");
    }

    [Fact]
    public async Task Why_no_pod_can_be_made_is_told()
    {
        await using var cluster = await StartAsync();
        await cluster.CreateAsync(Types.Deployment, Web(1, account: "nobody"));
        var web = await cluster.UntilAsync(Types.Deployment, "web", item => item.Reason("ReplicaFailure") == "FailedCreate", "it failed");

        Assert.Contains("error looking up service account default/nobody", web.Message("ReplicaFailure"), StringComparison.Ordinal);
        var set = Assert.Single(await cluster.ListAsync(Types.ReplicaSet));
        Assert.Contains(await cluster.EventsAsync(Text(set, "metadata.name")), item => item.Reason == "FailedCreate" && item.Message.StartsWith("Error creating: pods ", StringComparison.Ordinal));
        Assert.Empty(cluster.Host.Faults);
    }

    private static Task<Cluster> StartAsync() => StartAsync(out _);

    private static Task<Cluster> StartAsync(out TestKubelet kubelet)
    {
        var cluster = new Cluster();
        cluster.Host.Add(new DeploymentController(cluster.Host));
        cluster.Host.Add(new ReplicaSetController(cluster.Host, Types.ReplicaSet));
        kubelet = cluster.Host.Add(new TestKubelet(cluster.Host, everywhere: true));
        return ReadyAsync(cluster);

        static async Task<Cluster> ReadyAsync(Cluster cluster)
        {
            await cluster.Host.StartAsync(Cluster.Stop);
            return cluster;
        }
    }

    private static string Web(int replicas, string more = "", string? node = null, string? account = null) => $$"""
        {"metadata":{"name":"web","labels":{"app":"web"} },"spec":{"replicas":{{replicas}},{{more}}"selector":{"matchLabels":{"app":"web"} },
        "template":{"metadata":{"labels":{"app":"web"} },"spec":{ {{Field("nodeName", node)}}{{Field("serviceAccountName", account)}}"containers":[{"name":"web","image":"web:1"}] } } } }
        """;

    private static string Field(string name, string? value) => value is null ? "" : $"\"{name}\":\"{value}\",";

    private static Task<JsonObject> SetImageAsync(Cluster cluster, string image, string? node = null) =>
        cluster.PatchAsync(Types.Deployment, "web", $$"""{"spec":{"template":{"spec":{ {{Field("nodeName", node)}}"containers":[{"name":"web","image":"{{image}}"}] } } } }""");

    private static Task<JsonObject> FinishedAsync(Cluster cluster, int revision = 1) => cluster.UntilAsync(
        Types.Deployment,
        "web",
        item => DeploymentStatus.IsComplete(item, item["status"]) && item.Reason("Progressing") == "NewReplicaSetAvailable" && ReplicaSetBlueprint.RevisionOf(item) == revision,
        "the rollout is complete");

    /// <summary>The fewest ready pods, and the most pods that were wanted, at any moment.</summary>
    private sealed class Least : Controller
    {
        private bool _isOn;

        public Least(ControllerHost host)
            : base(host, "least")
        {
            var (pods, sets) = (host.Informer(ResourceType.Pod), host.Informer(Types.ReplicaSet));
            pods.OnChange(_ => Available = _isOn ? Math.Min(Available, pods.All.Count(pod => Conditions.IsReady(pod) && !Ownership.IsDeleting(pod))) : Available);
            sets.OnChange(_ => Most = _isOn ? Math.Max(Most, sets.All.Sum(Rollout.Wanted)) : Most);
        }

        public int Available { get; private set; } = int.MaxValue;

        public long Most { get; private set; }

        public void Begin() => _isOn = true;

        protected override Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken) => Task.FromResult<TimeSpan?>(null);
    }
}
