using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes;
using HomelabOps.Sandbox.Controllers.Nodes.Kubelet;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.Nodes;

public sealed class PodRunTests
{
    [Fact]
    public async Task A_container_that_waits_ends_after_what_it_waits_for_has_come()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        var behavior = new WaitingBehavior();
        cluster.Runtime.Behaviors.Add(behavior);
        var pod = KubeletCluster.Pod("waits");
        pod["spec"]!["restartPolicy"] = "Never";
        await cluster.CreateAsync(pod);
        await cluster.UntilReadyAsync("waits");
        cluster.Advance(600);
        Assert.Equal("200 waiting\n", await cluster.LogAsync("waits"));
        Assert.Equal("Running", Cells.Text(await cluster.FindAsync("waits"), "status.phase"));

        behavior.Begun = cluster.Host.Clock.GetUtcNow();
        await Cluster.UntilAsync(
            async () =>
            {
                cluster.Advance(3);
                return Cells.Text(await cluster.FindAsync("waits"), "status.phase") == "Succeeded";
            },
            "it has ended");
        Assert.Equal("200 waiting\ndone\n", await cluster.LogAsync("waits"));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_no_start()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        var pod = KubeletCluster.Pod("missing", "busybox:1.36");
        pod["spec"]!["restartPolicy"] = "Never";
        KubeletCluster.Container(pod)["command"] = new JsonArray("not-there");
        await cluster.CreateAsync(pod);
        var ended = await cluster.UntilAsync("missing", item => KubeletCluster.State(item) == "terminated", "an end");
        var state = Cells.Items(ended, "status.containerStatuses").Single()["state"]!["terminated"];
        Assert.Equal((128, "StartError"), (Cells.Number(state, "exitCode"), Cells.Text(state, "reason")));
        Assert.Contains("exec: \"not-there\": executable file not found in $PATH", Cells.Text(state, "message"), StringComparison.Ordinal);
        await cluster.UntilEventAsync("missing", "Failed", "Error: failed to create containerd task");
    }

    [Fact]
    public void Whoever_takes_a_pod_over_knows_what_its_end_said()
    {
        var pod = KubeletCluster.Pod("missing");
        pod["status"] = JsonNode.Parse("""{"containerStatuses":[{"name":"app","restartCount":0,"state":{"terminated":{"exitCode":128,"reason":"StartError","message":"no such program","startedAt":"2026-01-01T00:00:00Z","finishedAt":"2026-01-01T00:00:00Z","containerID":"containerd://1"} } }]}""");
        var run = PodAdoption.Adopt(pod, new NodeWorld([KubeletCluster.Node("w1", 1)]).Node("w1"), DateTimeOffset.UtcNow);
        Assert.Equal("no such program", Cells.Text(ContainerStatus.Build(run.Containers[0], run), "state.terminated.message"));
    }

    [Theory]
    [InlineData("exit 1", false)]
    [InlineData("echo well", true)]
    [InlineData("own-program-of-the-image --now", true)]
    [InlineData("until test -f /tmp/ready; do sleep 1; done", true)]
    public async Task A_container_whose_hook_fails_is_ended(string script, bool isWell)
    {
        await using var cluster = await KubeletCluster.StartAsync();
        var pod = KubeletCluster.Script("hooked", "sleep 100000", "Always");
        KubeletCluster.Container(pod)["lifecycle"] = new JsonObject { ["postStart"] = new JsonObject { ["exec"] = new JsonObject { ["command"] = new JsonArray("sh", "-c", script) } } };
        await cluster.CreateAsync(pod);
        if (isWell)
        {
            await cluster.UntilReadyAsync("hooked");
            return;
        }

        await cluster.UntilEventAsync("hooked", "FailedPostStartHook", "PostStartHook failed");
        cluster.Advance(31);
        await cluster.UntilAsync("hooked", item => KubeletCluster.State(item) == "CrashLoopBackOff", "a back-off");
    }

    [Fact]
    public async Task A_readiness_gate_waits_for_what_others_say()
    {
        const string Gate = "example.org/synced";
        await using var cluster = await KubeletCluster.StartAsync();
        var pod = KubeletCluster.Pod("sonarr");
        pod["spec"]!["readinessGates"] = new JsonArray(new JsonObject { ["conditionType"] = Gate });
        await cluster.CreateAsync(pod);
        var waiting = await cluster.UntilAsync("sonarr", found => KubeletCluster.Condition(found, "ContainersReady") == "True", "running");
        Assert.Equal(("False", "ReadinessGatesNotReady", $"corresponding condition of pod readiness gate \"{Gate}\" does not exist."), (KubeletCluster.Condition(waiting, "Ready"), waiting.Reason("Ready"), waiting.Message("Ready")));

        var conditions = waiting["status"]!["conditions"]!.DeepClone().AsArray();
        conditions.Add(new JsonObject { ["type"] = Gate, ["status"] = "True" });
        await cluster.Client.PatchAsync(ResourceType.Pod, "default", "sonarr", PatchKind.Merge, new JsonObject { ["status"] = new JsonObject { ["conditions"] = conditions } }, Cluster.Stop, new WriteOptions { Subresource = "status" });
        await cluster.UntilReadyAsync("sonarr");
    }

    [Fact]
    public async Task A_pod_comes_up_with_all_that_a_kubelet_writes()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        await cluster.CreateAsync(KubeletCluster.Pod("sonarr"));
        var pod = await cluster.UntilReadyAsync("sonarr");

        Assert.Equal("Running", Cells.Text(pod, "status.phase"));
        Assert.Equal("192.168.1.31", Cells.Text(pod, "status.hostIP"));
        Assert.StartsWith("10.42.1.", Cells.Text(pod, "status.podIP"), StringComparison.Ordinal);
        Assert.Equal("BestEffort", Cells.Text(pod, "status.qosClass"));
        Assert.All((string[])["Initialized", "PodReadyToStartContainers", "ContainersReady", "Ready"], type => Assert.Equal("True", KubeletCluster.Condition(pod, type)));
        var status = Assert.Single(Cells.Items(pod, "status.containerStatuses"));
        Assert.StartsWith("containerd://", Cells.Text(status, "containerID"), StringComparison.Ordinal);
        Assert.StartsWith("lscr.io/linuxserver/sonarr@sha256:", Cells.Text(status, "imageID"), StringComparison.Ordinal);
        Assert.Equal(("true", "0"), (Cells.Text(status, "started"), Cells.Text(status, "restartCount")));
        await cluster.UntilEventAsync("sonarr", "Pulled", "Successfully pulled image");
        await cluster.UntilEventAsync("sonarr", "Started", "Started container app");
    }

    [Fact]
    public async Task An_image_that_is_not_there_backs_off_and_comes_when_it_is()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        cluster.World.Registry.Set("ghcr.io/home/app:1.0", ImageFault.NotFound);
        await cluster.CreateAsync(KubeletCluster.Pod("app", "ghcr.io/home/app:1.0"));
        var pod = await cluster.UntilAsync("app", found => KubeletCluster.State(found) == "ErrImagePull", "ErrImagePull");
        Assert.Equal("Pending", Cells.Text(pod, "status.phase"));

        cluster.Advance(3);
        await cluster.UntilAsync("app", found => KubeletCluster.State(found) == "ImagePullBackOff", "ImagePullBackOff");
        await cluster.UntilEventAsync("app", "Failed", "code = NotFound desc = failed to pull and unpack image \"ghcr.io/home/app:1.0\"");

        cluster.World.Registry.Set("ghcr.io/home/app:1.0", ImageFault.None);
        await cluster.UntilReadyAsync("app");
    }

    [Fact]
    public async Task A_crash_loop_backs_off_for_longer_each_time_and_keeps_how_it_ended()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        var fault = new ContainerFault("default", "app") { ExitCode = 3 };
        cluster.World.Faults.Add(fault);
        await cluster.CreateAsync(KubeletCluster.Pod("app"));
        var pod = await cluster.UntilAsync("app", found => KubeletCluster.State(found) == "CrashLoopBackOff", "CrashLoopBackOff");
        Assert.Equal(1, KubeletCluster.Restarts(pod));
        var status = Cells.Items(pod, "status.containerStatuses").First();
        Assert.Equal(("3", "Error"), (Cells.Text(status, "lastState.terminated.exitCode"), Cells.Text(status, "lastState.terminated.reason")));
        Assert.StartsWith("back-off 10s restarting failed container=app pod=app_default(", Cells.Text(status, "state.waiting.message"), StringComparison.Ordinal);

        cluster.Advance(10);
        pod = await cluster.UntilAsync("app", found => KubeletCluster.Restarts(found) == 2 && KubeletCluster.State(found) == "CrashLoopBackOff", "the second round");
        Assert.Contains("back-off 20s", Cells.Text(Cells.Items(pod, "status.containerStatuses").First(), "state.waiting.message"), StringComparison.Ordinal);
        Assert.Contains("exiting with code 3", await cluster.LogAsync("app", "previous=true"), StringComparison.Ordinal);

        cluster.World.Faults.Remove(fault);
        cluster.Advance(20);
        await cluster.UntilReadyAsync("app");
    }

    [Fact]
    public async Task Memory_that_runs_out_says_so()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        cluster.World.Faults.Add(new("default", "app") { OutOfMemory = true });
        await cluster.CreateAsync(KubeletCluster.Pod("app"));
        var pod = await cluster.UntilAsync("app", found => KubeletCluster.State(found) == "CrashLoopBackOff", "CrashLoopBackOff");
        var last = Cells.At(Cells.Items(pod, "status.containerStatuses").First(), "lastState.terminated");
        Assert.Equal(("137", "OOMKilled"), (Cells.Text(last, "exitCode"), Cells.Text(last, "reason")));
    }

    [Fact]
    public async Task What_is_missing_is_named_and_waited_for()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        var pod = KubeletCluster.Pod("app");
        KubeletCluster.Container(pod)["env"] = new JsonArray(new JsonObject { ["name"] = "A", ["valueFrom"] = new JsonObject { ["secretKeyRef"] = new JsonObject { ["name"] = "token", ["key"] = "value" } } });
        await cluster.CreateAsync(pod);
        var volume = KubeletCluster.Pod("mounts");
        volume["spec"]!["volumes"] = new JsonArray(new JsonObject { ["name"] = "settings", ["configMap"] = new JsonObject { ["name"] = "settings" } });
        await cluster.CreateAsync(volume);

        var waiting = await cluster.UntilAsync("app", found => KubeletCluster.State(found) == "CreateContainerConfigError", "CreateContainerConfigError");
        Assert.Equal("secret \"token\" not found", Cells.Text(Cells.Items(waiting, "status.containerStatuses").First(), "state.waiting.message"));
        await cluster.UntilEventAsync("mounts", "FailedMount", "MountVolume.SetUp failed for volume \"settings\" : configmap \"settings\" not found");
        await cluster.UntilAsync("mounts", found => KubeletCluster.State(found) == "ContainerCreating", "ContainerCreating");

        await cluster.CreateAsync(new() { ["metadata"] = new JsonObject { ["name"] = "token", ["namespace"] = "default" }, ["data"] = new JsonObject { ["other"] = "MQ==" } }, Types.Secret);
        await cluster.CreateAsync(new() { ["metadata"] = new JsonObject { ["name"] = "settings", ["namespace"] = "default" } }, Types.ConfigMap);
        await cluster.UntilReadyAsync("mounts");
        await cluster.UntilAsync("app", found => Cells.Text(Cells.Items(found, "status.containerStatuses").First(), "state.waiting.message") is "couldn't find key value in Secret default/token" or "secret \"token\" not found", "the missing key");
        await cluster.Client.PatchAsync(Types.Secret, "default", "token", PatchKind.Merge, new JsonObject { ["data"] = new JsonObject { ["value"] = "MQ==" } }, Cluster.Stop);
        await cluster.UntilReadyAsync("app");
    }

    [Fact]
    public async Task Probes_that_fail_take_a_pod_out_of_service_or_start_it_anew()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        var probe = new JsonObject { ["httpGet"] = new JsonObject { ["path"] = "/ping", ["port"] = 8989 }, ["failureThreshold"] = 1 };
        var pod = KubeletCluster.Pod("sonarr");
        KubeletCluster.Container(pod)["readinessProbe"] = probe;
        await cluster.CreateAsync(pod);
        var other = KubeletCluster.Pod("radarr", "radarr:5");
        KubeletCluster.Container(other)["livenessProbe"] = new JsonObject { ["tcpSocket"] = new JsonObject { ["port"] = 7878 }, ["failureThreshold"] = 1 };
        await cluster.CreateAsync(other);
        await cluster.UntilReadyAsync("sonarr");
        await cluster.UntilReadyAsync("radarr");

        var faults = new[] { new ContainerFault("default", "sonarr") { FailingProbes = ProbeKinds.All }, new ContainerFault("default", "radarr") { FailingProbes = ProbeKinds.Liveness } };
        Array.ForEach(faults, cluster.World.Faults.Add);
        await cluster.UntilAsync("sonarr", found => !KubeletCluster.IsReady(found), "not ready");
        await cluster.UntilEventAsync("sonarr", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503");
        await cluster.UntilAsync("radarr", found => KubeletCluster.Restarts(found) >= 1, "a restart");
        await cluster.UntilEventAsync("radarr", "Killing", "Container app failed liveness probe, will be restarted");

        Array.ForEach(faults, cluster.World.Faults.Remove);
        cluster.Advance(11);
        await cluster.UntilReadyAsync("sonarr");
        cluster.Advance(11);
        await cluster.UntilReadyAsync("radarr");
    }

    [Fact]
    public async Task A_wrong_port_of_a_probe_is_refused()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        var pod = KubeletCluster.Pod("sonarr");
        KubeletCluster.Container(pod)["readinessProbe"] = new JsonObject { ["httpGet"] = new JsonObject { ["path"] = "/ping", ["port"] = 8080 } };
        await cluster.CreateAsync(pod);
        await cluster.UntilEventAsync("sonarr", "Unhealthy", ":8080: connect: connection refused");
        Assert.False(KubeletCluster.IsReady((await cluster.FindAsync("sonarr"))!));
    }

    [Fact]
    public async Task Scripts_end_as_they_say_after_their_init_containers()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        var pod = KubeletCluster.Script("job", "echo begins; sleep 20; echo ends; exit 0");
        pod["spec"]!["initContainers"] = new JsonArray(new JsonObject { ["name"] = "first", ["image"] = "busybox:1.36", ["command"] = new JsonArray("sh", "-c", "sleep 5") });
        await cluster.CreateAsync(pod);
        await cluster.CreateAsync(KubeletCluster.Script("fails", "exit 4"));
        var waiting = await cluster.UntilAsync("job", found => KubeletCluster.State(found) == "PodInitializing", "PodInitializing");
        Assert.Equal("Pending", Cells.Text(waiting, "status.phase"));

        cluster.Advance(5);
        await cluster.UntilAsync("job", found => KubeletCluster.State(found) == "running", "running");
        Assert.Equal("200 begins\n", await cluster.LogAsync("job", "container=app"));
        cluster.Advance(20);
        await cluster.UntilAsync("job", found => Cells.Text(found, "status.phase") == "Succeeded", "Succeeded");
        Assert.Equal("200 begins\nends\n", await cluster.LogAsync("job", "container=app"));
        var failed = await cluster.UntilAsync("fails", found => Cells.Text(found, "status.phase") == "Failed", "Failed");
        Assert.Equal("4", Cells.Text(Cells.Items(failed, "status.containerStatuses").First(), "state.terminated.exitCode"));
    }

    [Fact]
    public async Task A_pod_that_is_deleted_ends_when_its_processes_have()
    {
        await using var cluster = await KubeletCluster.StartAsync();
        await cluster.CreateAsync(KubeletCluster.Pod("sonarr"));
        await cluster.CreateAsync(KubeletCluster.Script("stubborn", "sleep 100000", "Always"));
        await cluster.UntilReadyAsync("sonarr");
        await cluster.UntilReadyAsync("stubborn");

        await cluster.DeleteAsync("sonarr");
        await cluster.DeleteAsync("stubborn");
        await Cluster.UntilAsync(async () => await cluster.FindAsync("sonarr") is null, "the application has ended");
        await cluster.UntilEventAsync("sonarr", "Killing", "Stopping container app");

        // Its time begins only when its kubelet has told it.
        await cluster.UntilEventAsync("stubborn", "Killing", "Stopping container");
        Assert.NotNull(await cluster.FindAsync("stubborn"));
        cluster.Advance(31);
        await Cluster.UntilAsync(async () => await cluster.FindAsync("stubborn") is null, "the shell was killed");
    }

    private sealed class WaitingBehavior : IContainerBehavior
    {
        public DateTimeOffset? Begun { get; set; }

        public bool TryGet(JsonObject pod, string container, [NotNullWhen(true)] out ContainerBehavior? behavior)
        {
            behavior = new(TimeSpan.FromSeconds(5), 0, "Completed", ["waiting", "done"]) { Begins = () => Begun, LinesBefore = 1 };
            return true;
        }
    }
}
