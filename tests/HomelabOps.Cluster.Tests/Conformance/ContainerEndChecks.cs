namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>How the containers of running pods end, and what their scripts do until then.</summary>
public abstract class ContainerEndChecks(ServerUnderTest server) : RunningPodChecks(server)
{
    private const string Waiting = "while :; do sleep 1; done";
    private const string Slow = "trap 'sleep 2; exit 0' TERM; " + Waiting;
    private const string First = "status.initContainerStatuses[0].state.terminated";
    private const string Second = "status.initContainerStatuses[1].state.terminated";
    private const string State = "status.containerStatuses[0].state.terminated";

    // A shell hears only the signals that it has a trap for, and those between two commands, or while it waits.
    [Theory]
    [InlineData("deaf", Waiting, "137", "Error")]
    [InlineData("ignores", "trap '' TERM; " + Waiting, "137", "Error")]
    [InlineData("busy", "trap 'exit 5' TERM; sleep 100000", "137", "Error")]
    [InlineData("exits", "trap 'exit 5' TERM; " + Waiting, "5", "Error")]
    [InlineData("well", "trap 'exit 0' TERM; sleep 100000 & wait", "0", "Completed")]
    [InlineData("execs", "trap 'exit 5' TERM; exec sleep 100000", "137", "Error")]
    public void A_container_that_fails_its_liveness_probe_is_asked_to_end_and_then_killed(string name, string script, string code, string reason)
    {
        var path = NewPod("live-" + name, Spec("a", script, 4, """ ,"livenessProbe":{"exec":{"command":["false"]},"periodSeconds":1,"failureThreshold":1} """));
        var pod = Eventually(() => Get(path), found => found[State + ".exitCode"] is not null);
        Assert.Equal((code, reason), (pod[State + ".exitCode"], pod[State + ".reason"]));
    }

    [Fact]
    public void A_file_is_there_as_long_as_the_script_leaves_it_there()
    {
        var path = NewPod("file", Spec("a", "touch /tmp/ok; sleep 6; rm /tmp/ok; sleep 100000", 1, """ ,"readinessProbe":{"exec":{"command":["cat","/tmp/ok"]},"periodSeconds":1,"failureThreshold":1} """));
        Eventually(() => Get(path), pod => pod["status.containerStatuses[0].ready"] == "true");
        Eventually(() => Get(path), pod => pod["status.containerStatuses[0].ready"] == "false");
        Assert.NotNull(Get(path)["status.containerStatuses[0].state.running.startedAt"]);
    }

    [Fact]
    public void What_is_added_to_a_file_is_followed()
    {
        var path = NewPod("follow", Spec("a", "echo one >/tmp/log; (sleep 2; echo two >>/tmp/log) & tail -f /tmp/log", 1));
        Eventually(() => Get(path + "/log"), log => log.Text == "one\ntwo\n");
    }

    [Fact]
    public void Commands_run_beside_others_and_are_waited_for()
    {
        var path = NewPod("beside", Spec("a", "(sleep 2; echo late; exit 3) & echo early; wait $!; exit $?", 1));
        var pod = Eventually(() => Get(path), found => found[State + ".exitCode"] is not null);
        Assert.Equal(("3", "early\nlate\n"), (pod[State + ".exitCode"], Get(path + "/log").Text));
    }

    [Fact]
    public void What_comes_before_the_end_has_its_time()
    {
        var path = NewPod("hook", Spec("a", "trap 'exit 0' TERM; until test -f /tmp/stop; do sleep 1; done; exit 9", 20, """ ,"lifecycle":{"preStop":{"exec":{"command":["sh","-c","touch /tmp/stop; sleep 5"]} } },"livenessProbe":{"exec":{"command":["false"]},"periodSeconds":1,"failureThreshold":1} """));
        Assert.Equal("9", Eventually(() => Get(path), found => found[State + ".exitCode"] is not null)[State + ".exitCode"]);
    }

    [Theory]
    [InlineData("printf 'last words' >/dev/termination-log; exit 4", "", "last words")]
    [InlineData("echo well >/dev/termination-log", "", "well\n")]
    [InlineData("echo here >/tmp/end; exit 4", """ ,"terminationMessagePath":"/tmp/end" """, "here\n")]
    [InlineData("echo one; echo two; exit 5", """ ,"terminationMessagePolicy":"FallbackToLogsOnError" """, "one\ntwo\n")]
    [InlineData("echo one; printf two >/dev/termination-log; exit 5", """ ,"terminationMessagePolicy":"FallbackToLogsOnError" """, "two")]
    [InlineData("echo one", """ ,"terminationMessagePolicy":"FallbackToLogsOnError" """, null)]
    [InlineData("echo one; exit 5", "", null)]
    public void A_container_may_say_why_it_ends(string script, string more, string? message)
    {
        var path = NewPod(NewName("words"), Spec("a", script, 1, more));
        Assert.Equal(message, Eventually(() => Get(path), found => found[State + ".exitCode"] is not null)[State + ".message"]);
    }

    [Fact]
    public void A_container_that_is_started_anew_has_the_files_of_its_image()
    {
        var path = NewPod("anew", $$""" "nodeName":"k3s-w1","terminationGracePeriodSeconds":1,"containers":[{{Container("a", "test -f /tmp/left && exit 9; touch /tmp/left; exit 3")}}] """);
        var pod = Eventually(() => Get(path), found => found["status.containerStatuses[0].restartCount"] is not (null or "0") && found["status.containerStatuses[0].state.waiting.reason"] == "CrashLoopBackOff");
        Assert.Equal("3", pod["status.containerStatuses[0].lastState.terminated.exitCode"]);
    }

    [Theory]
    [InlineData("open", 8080, 0)]
    [InlineData("closed", 8081, 1)]
    public void A_request_before_the_end_finds_somebody_or_is_told_of(string name, int port, int failures)
    {
        var path = NewPod("ask-" + name, Spec("a", "mkdir /www; exec httpd -f -p 8080 -h /www", 2, $$""" ,"lifecycle":{"preStop":{"httpGet":{"port":{{port}},"path":"/stop"} } } """));
        Eventually(() => Get(path), pod => pod["status.phase"] == "Running");
        Thread.Sleep(TimeSpan.FromSeconds(1));
        Delete(path).Ok();
        Eventually(() => Get(path), pod => pod.Status == 404);
        ApiAnswer Told(string reason) => Get($"{Core}/events?fieldSelector=involvedObject.name%3Dask-{name},reason%3D{reason}").Ok();
        Eventually(() => Told("Killing"), events => events.Names().Length == 1);
        Assert.Equal(failures, Told("FailedPreStopHook").Names().Length);
    }

    [Fact]
    public void Sidecars_of_a_pod_that_is_deleted_end_after_what_they_serve()
    {
        var path = NewServed("served", Slow);
        if (path is null)
        {
            return;
        }

        Eventually(() => Get(path), found => found["status.containerStatuses[0].ready"] == "true");
        Delete(path).Ok();
        var pod = Eventually(() => Get(path), found => found[First + ".finishedAt"] is not null);
        Patch(path, """{"metadata":{"finalizers":null} }""").Ok();
        Assert.Equal([pod[State + ".finishedAt"], pod[Second + ".finishedAt"], pod[First + ".finishedAt"]], Times(pod).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_pod_goes_on_until_its_sidecars_have_ended()
    {
        var path = NewServed("done", "sleep 3");
        if (path is null)
        {
            return;
        }

        var ending = Eventually(() => Get(path), found => found[State + ".finishedAt"] is not null);
        Assert.Equal(("Running", null), (ending["status.phase"], ending[First + ".finishedAt"]));
        var pod = Eventually(() => Get(path), found => found["status.phase"] == "Succeeded");
        Assert.Equal([pod[State + ".finishedAt"], pod[Second + ".finishedAt"], pod[First + ".finishedAt"]], Times(pod).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Patch(path, """{"metadata":{"finalizers":null} }""").Ok();
    }

    [Fact]
    public void Who_looks_into_a_pod_is_asked_to_end_with_it()
    {
        var path = NewPod("looked", Spec("a", "sleep 6", 10));
        Eventually(() => Get(path), found => found["status.phase"] == "Running");
        var answer = Patch(path + "/ephemeralcontainers", $$"""{"spec":{"ephemeralContainers":[{{Container("look", "trap 'sleep 2; exit 7' TERM; " + Waiting)}}]} }""", StrategicPatch);
        if (!Since(VersionDifference.EphemeralContainers, true, false))
        {
            answer.Expect(404);
            return;
        }

        var pod = Eventually(() => Get(path), found => found["status.phase"] is "Succeeded" or "Failed");
        Assert.Equal(("Succeeded", "7"), (pod["status.phase"], pod["status.ephemeralContainerStatuses[0].state.terminated.exitCode"]));
    }

    private static IEnumerable<string?> Times(ApiAnswer pod) => [pod[First + ".finishedAt"], pod[Second + ".finishedAt"], pod[State + ".finishedAt"]];

    // A pod with two sidecars, held so that its end can be seen; null where there are none.
    private string? NewServed(string name, string script)
    {
        var isServed = Since(VersionDifference.Sidecars, true, false);
        string Sidecar(string sidecar) => Container(sidecar, Slow, """ ,"restartPolicy":"Always" """);
        var answer = Post(
            $"{Core}/pods{(isServed ? "" : "?dryRun=All")}",
            Object("v1", "Pod", name, $$""" "spec":{ "initContainers":[{{Sidecar("first")}},{{Sidecar("second")}}],{{Spec("a", script, 20)}} } """, """ "finalizers":["example.org/held"] """)).Created();
        Assert.Equal(isServed ? "Always" : null, answer["spec.initContainers[0].restartPolicy"]);
        return isServed ? $"{Core}/pods/{name}" : null;
    }

    private static string Spec(string name, string script, int grace, string rest = "") =>
        $$""" "nodeName":"k3s-w1","restartPolicy":"Never","terminationGracePeriodSeconds":{{grace}},"containers":[{{Container(name, script, rest)}}] """;
}

/// <inheritdoc/>
public sealed class SandboxContainerEnd(HomelabUnderTest server) : ContainerEndChecks(server), IClassFixture<HomelabUnderTest>;

/// <inheritdoc/>
public sealed class LabContainerEnd(LabUnderTest server) : ContainerEndChecks(server), IClassFixture<LabUnderTest>;
