using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Events;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Tests.Fakes;
using HomelabOps.Core.Workloads;
using HomelabOps.Core.Workloads.Wire;

namespace HomelabOps.Core.Tests.Workloads;

/// <summary>Pods that hang before their first container: whether they need help, only their events say.</summary>
public sealed class HangingPodTests
{
    private const string Deployment = """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"sonarr","namespace":"media","generation":2,"resourceVersion":"5"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"sonarr"}},"template":{"metadata":{"labels":{"app":"sonarr"}},"spec":{"containers":[{"name":"app"}]}}},"status":{"observedGeneration":2,"replicas":1,"updatedReplicas":1}}""";
    private const string ReplicaSet = """{"metadata":{"name":"sonarr-1","namespace":"media","annotations":{"deployment.kubernetes.io/revision":"2"},"ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":"sonarr","controller":true}]},"spec":{"template":{"metadata":{"labels":{"app":"sonarr","pod-template-hash":"1"}},"spec":{"containers":[{"name":"app"}]}}}}""";
    private const string NotFound = "MountVolume.SetUp failed for volume \"token\" : secret \"api\" not found";
    private const string TimedOut = "Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[]: timed out waiting for the condition";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(NotFound, true)]
    [InlineData("MountVolume.SetUp failed for volume \"c\" : configmap \"settings\" not found", true)]
    [InlineData("MountVolume.SetUp failed for volume \"c\" : configmap references non-existent config key: a.yaml", true)]
    [InlineData("MountVolume.SetUp failed for volume \"s\" : references non-existent secret key: token", true)]
    [InlineData("MountVolume.SetUp failed for volume \"m\" : hostPath type check failed: /srv/media is not a directory", true)]
    [InlineData("MountVolume.NewMounter initialization failed for volume \"pv\" : path \"/srv/sonarr\" does not exist", true)]
    [InlineData("MountVolume.SetUp failed for volume \"m\" : mount failed: exit status 32\nMounting command: mount\nOutput: mount.nfs: access denied by server while mounting nas:/media\n", true)]
    [InlineData("MountVolume.SetUp failed for volume \"m\" : mount failed: exit status 32\nOutput: mount.nfs: mounting nas:/media failed, reason given by server: No such file or directory\n", true)]
    [InlineData("MountVolume.SetUp failed for volume \"m\" : mount failed: exit status 32\nOutput: mount: /x: bad option; for several filesystems (e.g. nfs, cifs) you might need a /sbin/mount.<type> helper program.\n", true)]
    [InlineData("MountVolume.SetUp failed for volume \"m\" : mount failed: exit status 32\nOutput: mount.nfs: Connection timed out\n", false)]
    [InlineData("MountVolume.SetUp failed for volume \"m\" : mount failed: exit status 32\nOutput: mount.nfs: requested NFS version or transport protocol is not supported\n", false)]
    [InlineData("MountVolume.SetUp failed for volume \"m\" : mount failed: exit status 32\nOutput: mount.nfs: Failed to resolve server nas: Name or service not known\n", false)]
    [InlineData("MountVolume.SetUp failed for volume \"c\" : failed to sync configmap cache: timed out waiting for the condition", false)]
    [InlineData("MountVolume.SetUp failed for volume \"kube-api-access\" : object \"media\"/\"kube-root-ca.crt\" not registered", false)]
    [InlineData("MountVolume.MountDevice failed for volume \"pv\" : driver name nfs.csi.k8s.io not found in the list of registered CSI drivers", false)]
    [InlineData("Multi-Attach error for volume \"pv\" Volume is already used by pod(s) sonarr-0", false)]
    [InlineData(TimedOut, false)]
    public void What_somebody_has_to_mend_is_told_from_what_may_pass(string message, bool stays) =>
        Assert.Equal(stays, StartWarnings.Stays(new() { Reason = "FailedMount", Message = message }));

    [Fact]
    public void The_warning_with_a_cause_says_more_than_the_newest()
    {
        EventWire overdue = new() { Reason = "FailedMount", Message = TimedOut };
        EventWire slow = new() { Reason = "FailedMount", Message = "mount.nfs: Connection timed out" };
        EventWire missing = new() { Reason = "FailedMount", Message = NotFound };
        EventWire other = new() { Reason = "Unhealthy", Message = NotFound };
        Assert.Same(missing, StartWarnings.Telling([other, overdue, slow, missing]));
        Assert.Same(slow, StartWarnings.Telling([other, overdue, slow]));
        Assert.Same(overdue, StartWarnings.Telling([other, overdue]));
        Assert.Null(StartWarnings.Telling([other]));
    }

    [Fact]
    public async Task A_volume_that_somebody_has_to_mend_ends_the_waiting_when_it_is_said_again()
    {
        var asked = 0;
        await using var server = Server(() => [Event("a", NotFound, ++asked)]);
        var step = await FirstAsync(server, step => step.Trouble is not null);
        Assert.Equal(("FailedMount", NotFound, "sonarr-1-x"), (step.Trouble!.Reason, step.Trouble.Message, step.Trouble.Pod?.Pod));
        Assert.InRange(asked, 2, 20);
        Assert.All(server.Requests.Where(IsOfEvents), request => Assert.Equal("involvedObject.kind=Pod,involvedObject.name=sonarr-1-x,involvedObject.uid=u1", request.Query("fieldSelector")));
    }

    // The kubelet tries again within a second, and a Secret may be made within the minute.
    [Fact]
    public async Task What_is_said_again_and_again_is_only_told_before_it_has_lasted()
    {
        var asked = 0;
        await using var server = Server(() => ++asked < 4 ? [Event("a", NotFound, asked)] : [Event("b", "Multi-Attach error for volume \"pv\"", 1)]);
        var step = await FirstAsync(server, step => step.Trouble is not null || step.State.Message.Contains("Multi-Attach", StringComparison.Ordinal), TimeSpan.FromHours(1));
        Assert.Null(step.Trouble);
    }

    [Fact]
    public async Task What_was_said_before_the_image_is_pulled_is_over()
    {
        var asked = 0;
        await using var server = Server(() => ++asked < 3 ? [Event("a", NotFound, asked, "12:00:05"), Event("p", "Pulling image", 1, "12:00:05", "Pulling")] : [Event("b", "Multi-Attach error for volume \"pv\"", 1, "12:00:06"), Event("p", "Pulling image", 1, "12:00:05", "Pulling")]);
        var seen = new List<RolloutStep>();
        await FirstAsync(server, step =>
        {
            seen.Add(step);
            return step.State.Message.Contains("Multi-Attach", StringComparison.Ordinal);
        });
        Assert.All(seen, one => Assert.Null(one.Trouble));
        Assert.DoesNotContain(seen, one => one.State.Message.Contains(NotFound, StringComparison.Ordinal));
    }

    // It was said before somebody mended it, and the kubelet has not tried again.
    [Fact]
    public async Task What_is_not_said_again_is_only_told()
    {
        var asked = 0;
        await using var server = Server(() => ++asked < 4 ? [Event("a", NotFound, 7)] : [Event("b", "Multi-Attach error for volume \"pv\"", 1)]);
        var seen = new List<RolloutStep>();
        await FirstAsync(server, step =>
        {
            seen.Add(step);
            return step.State.Message.Contains("Multi-Attach", StringComparison.Ordinal);
        });
        Assert.All(seen, one => Assert.Null(one.Trouble));
        Assert.Contains(seen, one => one.State.Message.EndsWith($"the pod sonarr-1-x hangs (FailedMount): {NotFound}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_may_pass_is_told_with_how_far_the_rollout_is()
    {
        await using var server = Server(() => [Event("a", TimedOut, 1)]);
        var step = await FirstAsync(server, step => step.State.Message.Contains("hangs", StringComparison.Ordinal));
        Assert.Null(step.Trouble);
        Assert.Equal($"0 of 1 new pods are available; the pod sonarr-1-x hangs (FailedMount): {TimedOut}", step.State.Message);
    }

    [Fact]
    public async Task Whoever_may_not_read_events_asks_once()
    {
        await using var server = new FakeApiServer((_, reply) => reply.FailAsync(403, "Forbidden", "no"));
        using var client = server.Client();
        await foreach (var _ in new HangingPods(client).LookAsync(() => [Pod()], Stop).WithCancellation(Stop))
        {
            Assert.Fail("There was nothing to read.");
        }

        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("""{"phase":"Pending","containerStatuses":[{"name":"app","state":{"waiting":{"reason":"ImagePullBackOff"} } }] }""")]
    [InlineData("""{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"running":{} } }],"containerStatuses":[{"name":"app","state":{"waiting":{"reason":"PodInitializing"} } }] }""")]
    [InlineData("""{"phase":"Running","containerStatuses":[{"name":"app","state":{"running":{} } }] }""")]
    public async Task Events_of_other_pods_are_not_asked_for(string status)
    {
        await using var server = Server(() => []);
        using var client = server.Client();
        var (looks, hanging) = (0, new HangingPods(client));
        await foreach (var _ in hanging.LookAsync(Present, Stop).WithCancellation(Stop))
        {
            break;
        }

        Assert.Single(server.Requests);

        // The one that hangs comes later, so that there is an end.
        IReadOnlyCollection<PodWire> Present() => looks++ < 6 ? [Pod(status)] : [Pod(status), Pod()];
    }

    private static bool IsOfEvents(FakeRequest request) => request.Path.EndsWith("/events", StringComparison.Ordinal);

    private static FakeApiServer Server(Func<string[]> events) => new((request, reply) => request.Path switch
    {
        _ when request.IsWatch => reply.StallAsync(),
        _ when IsOfEvents(request) => reply.SendAsync(FakeCluster.List(events())),
        var path when path.EndsWith("/deployments", StringComparison.Ordinal) => reply.SendAsync(FakeCluster.List([Deployment])),
        var path when path.EndsWith("/replicasets", StringComparison.Ordinal) => reply.SendAsync(FakeCluster.List([ReplicaSet])),
        _ => reply.SendAsync(FakeCluster.List([PodText()])),
    });

    private static string PodText(string status = """{"phase":"Pending","containerStatuses":[{"name":"app","state":{"waiting":{"reason":"ContainerCreating"} } }] }""") =>
        $$"""{"metadata":{"name":"sonarr-1-x","namespace":"media","uid":"u1","labels":{"app":"sonarr"},"ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"sonarr-1","controller":true}] },"spec":{"nodeName":"k3s-w1"},"status":{{status}} }""";

    private static PodWire Pod(string? status = null) => JsonSerializer.Deserialize(status is null ? PodText() : PodText(status), WireContext.Default.PodWire)!;

    private static string Event(string name, string message, int count, string? time = null, string reason = "FailedMount") => new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "media" },
        ["type"] = reason == "FailedMount" ? "Warning" : "Normal",
        ["reason"] = reason,
        ["message"] = message,
        ["count"] = count,
        ["lastTimestamp"] = time is null ? null : $"2026-11-26T{time}Z",
    }.ToJsonString();

    private static async Task<RolloutStep> FirstAsync(FakeApiServer server, Predicate<RolloutStep> match, TimeSpan lasting = default)
    {
        using var client = server.Client();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        var json = JsonNode.Parse(Deployment)!.AsObject();
        var workload = new Workload(new ResourceType("apps", "v1", "deployments", "Deployment", true), new("fake", "Deployment", "media", "sonarr"), json.Deserialize(WorkloadWireContext.Default.WorkloadWire)!, json);
        RolloutStep? last = null;
        await foreach (var step in new RolloutWatch(client, workload, lasting).ReadAsync(limit.Token))
        {
            last = step ?? last;
            if (last is not null && match(last))
            {
                return last;
            }
        }

        throw new TimeoutException($"The last state was {last}.");
    }
}
