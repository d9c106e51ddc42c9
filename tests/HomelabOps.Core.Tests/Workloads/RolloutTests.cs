using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.Delivery;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Tests.Fakes;
using HomelabOps.Core.Workloads;
using HomelabOps.Core.Workloads.Wire;

namespace HomelabOps.Core.Tests.Workloads;

/// <summary>How far a rollout is, by what controllers say, and how waiting for one ends.</summary>
public sealed class RolloutTests
{
    private const string Progressing = """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"sonarr","namespace":"media","generation":2,"resourceVersion":"5"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"sonarr"}}},"status":{"observedGeneration":2,"replicas":1}}""";

    [Theory]
    [InlineData("Deployment", """{"observedGeneration":1,"replicas":1,"updatedReplicas":1,"availableReplicas":1}""", "Unobserved")]
    [InlineData("Deployment", """{"observedGeneration":2,"replicas":1}""", "Updating")]
    [InlineData("Deployment", """{"observedGeneration":2,"replicas":2,"updatedReplicas":1,"availableReplicas":2}""", "Terminating")]
    [InlineData("Deployment", """{"observedGeneration":2,"replicas":1,"updatedReplicas":1}""", "Starting")]
    [InlineData("Deployment", """{"observedGeneration":2,"replicas":1,"updatedReplicas":1,"availableReplicas":1}""", "Complete")]
    [InlineData("Deployment", """{"observedGeneration":2,"conditions":[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded"}]}""", "ProgressDeadlineExceeded")]
    [InlineData("StatefulSet", """{"observedGeneration":2,"replicas":1,"readyReplicas":1,"currentRevision":"a","updateRevision":"b"}""", "Updating")]
    [InlineData("StatefulSet", """{"observedGeneration":2,"replicas":1,"readyReplicas":1,"updatedReplicas":1,"currentRevision":"b","updateRevision":"b"}""", "Complete")]
    [InlineData("DaemonSet", """{"observedGeneration":2,"desiredNumberScheduled":2,"updatedNumberScheduled":2,"numberAvailable":1}""", "Starting")]
    [InlineData("DaemonSet", """{"observedGeneration":2,"desiredNumberScheduled":2,"updatedNumberScheduled":2,"numberAvailable":2}""", "Complete")]
    [InlineData("CronJob", "{}", "Applied")]
    public void A_controller_tells_how_far_it_is(string kind, string status, string reason)
    {
        var json = JsonNode.Parse($$"""{"metadata":{"name":"a","generation":2},"spec":{"replicas":1},"status":{{status}}}""")!.AsObject();
        var workload = new Workload(new ResourceType("apps", "v1", "any", kind, true), new("lab", kind, "media", "a"), json.Deserialize(WorkloadWireContext.Default.WorkloadWire)!, json);
        Assert.Equal(reason, RolloutState.Of(workload).Reason);
    }

    [Fact]
    public async Task A_workload_that_is_gone_ends_the_waiting()
    {
        await using var server = new FakeApiServer((_, reply) => reply.FailAsync(404, "NotFound", "there is none"));
        Assert.Equal("RolloutGone", await FailureAsync(server));
    }

    [Fact]
    public async Task The_waiting_ends_when_the_time_is_over()
    {
        await using var server = new FakeApiServer((request, reply) => request.Path switch
        {
            _ when request.IsWatch => reply.StallAsync(),
            var path when path.EndsWith("/deployments/sonarr", StringComparison.Ordinal) => reply.SendAsync(Progressing),
            var path when path.EndsWith("/deployments", StringComparison.Ordinal) => reply.SendAsync(FakeCluster.List([Progressing])),
            _ => reply.SendAsync(FakeCluster.List([])),
        });
        Assert.Equal("RolloutTimeout", await FailureAsync(server));
    }

    [Theory]
    [InlineData("""{"phase":"Pending","containerStatuses":[{"name":"a","state":{"waiting":{"reason":"CreateContainerConfigError","message":"no Secret"}}}]}""", "CreateContainerConfigError: no Secret")]
    [InlineData("""{"phase":"Running","containerStatuses":[{"name":"a","state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":1}}}]}""", "CrashLoopBackOff")]
    [InlineData("""{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"waiting":{"reason":"ImagePullBackOff","message":"no such tag"}}}],"containerStatuses":[{"name":"a","state":{"waiting":{"reason":"PodInitializing"}}}]}""", "ImagePullBackOff: no such tag")]
    [InlineData("""{"phase":"Failed","reason":"Evicted","message":"no room"}""", "Evicted: no room")]
    [InlineData("""{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"no node","lastTransitionTime":"2020-01-01T00:00:00Z"}]}""", "Unschedulable: no node")]
    [InlineData("""{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"no node","lastTransitionTime":"2999-01-01T00:00:00Z"}]}""", null)]
    [InlineData("""{"phase":"Pending","containerStatuses":[{"name":"a","state":{"waiting":{"reason":"ErrImagePull"}}}]}""", null)]
    [InlineData("""{"phase":"Running","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":1}}}]}""", null)]
    public void A_pod_that_needs_help_is_told_from_one_that_takes_its_time(string status, string? expected)
    {
        var pod = JsonSerializer.Deserialize($$"""{"metadata":{"name":"sonarr-1"},"spec":{"initContainers":[{"name":"i"}],"containers":[{"name":"a"}]},"status":{{status}} }""", WireContext.Default.PodWire)!;
        var trouble = PodTrouble.Of(pod);
        Assert.Equal(expected is null, trouble is null);
        Assert.StartsWith(expected ?? "", $"{trouble?.Reason}: {trouble?.Message}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pods_that_cannot_be_made_end_the_waiting()
    {
        var refused = Progressing.Replace("\"replicas\":1}}", "\"replicas\":0,\"conditions\":[{\"type\":\"ReplicaFailure\",\"status\":\"True\",\"reason\":\"FailedCreate\",\"message\":\"over quota\"}]}}", StringComparison.Ordinal);
        Assert.NotEqual(Progressing, refused);
        await using var server = new FakeApiServer((request, reply) => request.Path switch
        {
            _ when request.IsWatch => reply.StallAsync(),
            var path when path.EndsWith("/deployments/sonarr", StringComparison.Ordinal) => reply.SendAsync(refused),
            var path when path.EndsWith("/deployments", StringComparison.Ordinal) => reply.SendAsync(FakeCluster.List([refused])),
            _ => reply.SendAsync(FakeCluster.List([])),
        });
        Assert.Equal("RolloutFailed", await FailureAsync(server, seconds: 60));
    }

    // An image is taken back: the workload says so already, while its first ReplicaSet has not got the number of the newest yet.
    [Theory]
    [InlineData("Deployment", "app:1", "RolloutTimeout")]
    [InlineData("Deployment", "app:2", "RolloutFailed")]
    [InlineData("Deployment", "app:3", "RolloutTimeout")]
    [InlineData("DaemonSet", "app:1", "RolloutTimeout")]
    [InlineData("DaemonSet", "app:2", "RolloutFailed")]
    public async Task Only_pods_of_the_present_template_make_it_fail(string kind, string image, string expected)
    {
        var resource = kind == "DaemonSet" ? "daemonsets" : "deployments";
        var status = kind == "DaemonSet" ? """{"observedGeneration":3,"desiredNumberScheduled":1}""" : """{"observedGeneration":3,"replicas":1}""";
        var workload = $$$"""{"metadata":{"name":"sonarr","namespace":"media","generation":3,"resourceVersion":"5"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"sonarr"}},"template":{{{Template(image)}}}},"status":{{{status}}}}""";
        string[] revisions = [Revision(kind, 1), Revision(kind, 2)];
        var pod = $$$"""{"metadata":{"name":"sonarr-2-x","namespace":"media","labels":{"app":"sonarr","controller-revision-hash":"hash2"},"ownerReferences":[{"apiVersion":"apps/v1","kind":"{{{(kind == "Deployment" ? "ReplicaSet" : kind)}}}","name":"{{{(kind == "Deployment" ? "sonarr-2" : "sonarr")}}}","controller":true}]},"spec":{},"status":{"phase":"Pending","containerStatuses":[{"name":"app","state":{"waiting":{"reason":"ImagePullBackOff"} } }] } }""";
        await using var server = new FakeApiServer((request, reply) => request.Path switch
        {
            _ when request.IsWatch => reply.StallAsync(),
            var path when path.EndsWith($"/{resource}/sonarr", StringComparison.Ordinal) => reply.SendAsync(workload),
            var path when path.EndsWith("/" + resource, StringComparison.Ordinal) => reply.SendAsync(FakeCluster.List([workload])),
            var path when path.EndsWith("/pods", StringComparison.Ordinal) => reply.SendAsync(FakeCluster.List([pod])),
            _ => reply.SendAsync(FakeCluster.List(revisions)),
        });
        Assert.Equal(expected, await FailureAsync(server, kind, expected == "RolloutFailed" ? 60 : 2));
    }

    private static string Template(string image, string more = "") => $$$"""{{{{more}}}"metadata":{"labels":{"app":"sonarr"}},"spec":{"containers":[{"name":"app","image":"{{{image}}}"}]}}""";

    private static string Revision(string kind, int number)
    {
        var spec = $$"""{"template":{{Template($"app:{number}", kind == "DaemonSet" ? "\"$patch\":\"replace\"," : "")}}}""";
        if (kind == "Deployment")
        {
            spec = spec.Replace("\"app\":\"sonarr\"", "\"app\":\"sonarr\",\"pod-template-hash\":\"" + number + "\"", StringComparison.Ordinal);
        }

        var content = kind == "DaemonSet" ? $$"""
            "data":{"spec":{{spec}}},"revision":{{number}}
            """ : $"\"spec\":{spec}";
        return $$$"""{"metadata":{"name":"sonarr-{{{number}}}","namespace":"media","labels":{"controller-revision-hash":"hash{{{number}}}"},"annotations":{"deployment.kubernetes.io/revision":"{{{number}}}"},"ownerReferences":[{"apiVersion":"apps/v1","kind":"{{{kind}}}","name":"sonarr","controller":true}]},{{{content}}}}""";
    }

    private static async Task<string?> FailureAsync(FakeApiServer server, string kind = "Deployment", int seconds = 2)
    {
        using var client = server.Client();
        var journal = new ChangeJournal(Path.Combine(Path.GetTempPath(), "homelabops-unused"));
        string? failure = null;
        await foreach (var item in DeliveryWaiter.WaitAsync(client, new("fake", kind, "media", "sonarr"), new DeliveryOptions { Timeout = TimeSpan.FromSeconds(seconds) }, journal, CancellationToken.None))
        {
            failure = (item.Notice as FailureNotice)?.Error.Id ?? failure;
        }

        return failure;
    }
}
