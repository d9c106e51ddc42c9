using System.Globalization;
using System.Text.Json;
using HomelabOps.Core.Diagnosis.Pods;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Tests.Diagnosis.Pods;

/// <summary>Pods in every state that is not a good one, as servers describe them.</summary>
public sealed class PodJudgeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("137", "\"reason\":\"OOMKilled\"", "OutOfMemory", "64Mi")]
    [InlineData("1", "\"reason\":\"Error\"", "CrashLoop", "code 1")]
    [InlineData("139", "\"reason\":\"Error\"", "CrashLoop", "segmentation")]
    [InlineData("127", "\"reason\":\"Error\"", "CrashLoop", "not in the image")]
    [InlineData("134", "\"reason\":\"Error\"", "CrashLoop", "signal 6")]
    [InlineData("0", "\"reason\":\"Completed\"", "CrashLoop", "without an error")]
    public void A_crash_loop_says_what_the_code_means(string code, string reason, string expected, string words)
    {
        var problem = Judge($$$"""{"name":"app","ready":false,"restartCount":7,"state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off"}},"lastState":{"terminated":{"exitCode":{{{code}}},{{{reason}}},"finishedAt":"2026-11-26T11:59:00Z"}} }""");
        Assert.Equal((expected, "app"), (problem!.Reason, problem.Detail));
        Assert.Contains(words, problem.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_runs_again_and_is_killed_again_is_in_a_loop_too()
    {
        const string status = """{"name":"app","ready":true,"restartCount":4,"state":{"running":{}},"lastState":{"terminated":{"exitCode":137,"reason":"Error","finishedAt":"2026-11-26T11:5{0}:00Z"}}}""";
        Assert.Equal("CrashLoop", Judge(status.Replace("{0}", "8", StringComparison.Ordinal), ready: true)!.Reason);
        Assert.Null(Judge(status.Replace("11:5{0}", "09:58", StringComparison.Ordinal), ready: true));
    }

    [Theory]
    [InlineData("137", "OOMKilled", "11:58", null, "OutOfMemory")]
    [InlineData("137", "OOMKilled", "11:48", null, null)]
    [InlineData("143", "Error", "11:58", "11:59", "LivenessProbeFailed")]
    [InlineData("0", "Completed", "11:58", "11:59", "LivenessProbeFailed")]
    [InlineData("143", "Error", "11:58", "11:57", null)]
    [InlineData("143", "Error", "11:58", null, null)]
    [InlineData("1", "Error", "11:58", "11:59", null)]
    public void One_that_was_killed_once_is_told_where_it_will_be_killed_again(string code, string reason, string end, string? missed, string? expected)
    {
        var problem = Judge(
            $$$"""{"name":"app","ready":true,"restartCount":1,"state":{"running":{"startedAt":"2026-11-26T{{{end}}}:01Z"}},"lastState":{"terminated":{"exitCode":{{{code}}},"reason":"{{{reason}}}","finishedAt":"2026-11-26T{{{end}}}:00Z"}} }""",
            ready: true,
            warning: missed is null ? null : ("Unhealthy", "Liveness probe failed: timeout"),
            warned: missed);
        Assert.Equal(expected, problem?.Reason);
    }

    [Theory]
    [InlineData("11:59:55", "11:59:56", "")]
    [InlineData("11:59:00", "11:59:59", "Unschedulable")]
    public void Who_waits_for_a_node_has_waited_since_it_was_made(string created, string looked, string expected)
    {
        var json = $$$"""
            {"metadata":{"name":"app-1","namespace":"media","creationTimestamp":"2026-11-26T{{{created}}}Z"},"spec":{"containers":[{"name":"app"}]},
             "status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"no nodes available to schedule pods","lastTransitionTime":"2026-11-26T{{{looked}}}Z"}]} }
            """;
        Assert.Equal(expected, Judge(json, [])!.Reason);
    }

    [Fact]
    public void Who_is_killed_by_a_probe_is_not_said_to_crash()
    {
        var problem = Judge(
            """{"name":"app","ready":false,"restartCount":2,"state":{"running":{}},"lastState":{"terminated":{"exitCode":137,"reason":"Error"}}}""",
            warning: ("Unhealthy", "Liveness probe failed: connection refused"));
        Assert.Equal(("LivenessProbeFailed", "Liveness probe failed: connection refused"), (problem!.Reason, problem.Words));
    }

    [Fact]
    public void Who_ends_by_himself_is_not_said_to_be_killed_by_a_probe()
    {
        var problem = Judge(
            """{"name":"app","ready":false,"restartCount":7,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":1,"reason":"Error"}}}""",
            warning: ("Unhealthy", "Startup probe failed: connection refused"));
        Assert.Equal("CrashLoop", problem!.Reason);
        Assert.Contains("code 1", problem.Words, StringComparison.Ordinal);
        Assert.Contains("Startup probe failed: connection refused", problem.Evidence);
    }

    [Theory]
    [InlineData(1, "2026-11-26T11:59:50Z", "")]
    [InlineData(1, "2026-11-26T11:59:00Z", "CrashLoop")]
    [InlineData(3, "2026-11-26T11:59:50Z", "CrashLoop")]
    public void One_restart_is_no_loop(int restarts, string started, string expected)
    {
        var problem = Judge($$$"""{"name":"app","ready":false,"restartCount":{{{restarts}}},"state":{"running":{"startedAt":"{{{started}}}"}},"lastState":{"terminated":{"exitCode":255,"reason":"Unknown"}} }""", created: "2026-11-26T11:59:45Z");
        Assert.Equal(expected, problem?.Reason ?? "");
        Assert.DoesNotContain("signal", problem?.Words ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void An_init_container_that_does_not_end_is_what_is_told()
    {
        var pod = Pod("""{"name":"app","ready":false,"restartCount":0,"state":{"waiting":{"reason":"PodInitializing"}}}""", "", "", "{}", "2026-11-26T11:00:00Z", false)
            .Replace("\"containerStatuses\"", """
            "initContainerStatuses":[{"name":"prepare","ready":false,"restartCount":0,"state":{"running":{"startedAt":"2026-11-26T11:00:00Z"}}}],"containerStatuses"
            """, StringComparison.Ordinal)
            .Replace("\"containers\"", """
            "initContainers":[{"name":"prepare"}],"containers"
            """, StringComparison.Ordinal);
        Assert.Equal(("InitContainerRuns", "prepare"), Judge(pod, []) is { } problem ? (problem.Reason, problem.Detail) : default);

        // One that is meant to go on is only not ready.
        var sidecar = pod.Replace("\"initContainers\":[{", "\"initContainers\":[{\"restartPolicy\":\"Always\",", StringComparison.Ordinal);
        Assert.Equal(("NotReady", "prepare"), Judge(sidecar, []) is { } other ? (other.Reason, other.Detail) : default);
    }

    [Theory]
    [InlineData("""{"envFrom":[{"configMapRef":{"name":"settings"}}]}""", "ConfigMapMissing", "settings")]
    [InlineData("""{"envFrom":[{"configMapRef":{"name":"settings","optional":true}}]}""", "", "")]
    [InlineData("""{"env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"keys","key":"a"}}}]}""", "SecretMissing", "keys")]
    [InlineData("""{"env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"known","key":"absent"}}}]}""", "SecretKeyMissing", "known")]
    [InlineData("""{"env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"known","key":"present"}}}]}""", "", "")]
    public void What_is_missing_is_read_from_the_spec(string container, string expected, string name)
    {
        var problem = Judge("""{"name":"app","ready":false,"restartCount":0,"state":{"waiting":{"reason":"ContainerCreating"}}}""", container: container, created: "2026-11-26T11:59:55Z");
        Assert.Equal((expected, name), (problem?.Reason ?? "", problem?.Detail ?? ""));
    }

    [Fact]
    public void A_pull_secret_that_is_missing_explains_a_registry_that_asks_who_it_is()
    {
        const string status = """{"name":"app","ready":false,"restartCount":0,"state":{"waiting":{"reason":"ErrImagePull","message":"failed: 401 Unauthorized"}}}""";
        Assert.Equal("ImageUnauthorized", Judge(status)!.Reason);
        Assert.Equal(("PullSecretMissing", "registry"), Judge(status, spec: ",\"imagePullSecrets\":[{\"name\":\"registry\"}]") is { } problem ? (problem.Reason, problem.Detail) : default);
    }

    [Theory]
    [InlineData("2026-11-26T11:59:50Z", "")]
    [InlineData("2026-11-26T11:50:00Z", "PodStuckTerminating")]
    public void Only_one_that_should_long_have_ended_hangs(string deletion, string expected) =>
        Assert.Equal(expected, Judge("""{"name":"app","ready":true,"restartCount":0,"state":{"running":{}}}""", metadata: $",\"deletionTimestamp\":\"{deletion}\"")!.Reason);

    [Fact]
    public void An_init_container_counts_as_well()
    {
        var pod = Pod("""{"name":"app","ready":false,"restartCount":0,"state":{"waiting":{"reason":"PodInitializing"}}}""", "", "", "{}", "2026-11-26T11:00:00Z", false)
            .Replace("\"containerStatuses\"", """
            "initContainerStatuses":[{"name":"prepare","ready":false,"restartCount":3,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":2,"reason":"Error"}}}],"containerStatuses"
            """, StringComparison.Ordinal)
            .Replace("\"containers\"", """
            "initContainers":[{"name":"prepare"}],"containers"
            """, StringComparison.Ordinal);
        Assert.Equal(("CrashLoop", "prepare"), Judge(pod, []) is { } problem ? (problem.Reason, problem.Detail) : default);
    }

    private static PodProblem? Judge(string status, string spec = "", string metadata = "", string container = "{}", string created = "2026-11-26T11:00:00Z", bool ready = false, (string Reason, string Message)? warning = null, string? warned = null) =>
        Judge(Pod(status, spec, metadata, container, created, ready), warning is { } said ? [said] : [], warned);

    private static PodProblem? Judge(string json, (string Reason, string Message)[] warnings, string? warned = null)
    {
        var wire = JsonSerializer.Deserialize(json, DiagnosisWireContext.Default.DiagnosedPodWire)!;
        var pod = new PodFacts(wire, new("fake", "Pod", "media", "app-1"), null);
        var snapshot = new HomelabSnapshot
        {
            Cluster = "fake",
            Now = Now,
            Pods = [pod],
            ConfigMaps = new HashSet<(string, string)>(),
            Secrets = new HashSet<(string, string)> { ("media", "known") },
            Keys = new Dictionary<ResourceReference, IReadOnlySet<string>> { [new("fake", "Secret", "media", "known")] = new HashSet<string> { "present" } },
            Warnings = warnings.ToLookup(_ => pod.Reference, warning => new EventWire { Reason = warning.Reason, Message = warning.Message, LastTimestamp = warned is null ? null : DateTimeOffset.Parse($"2026-11-26T{warned}:30Z", CultureInfo.InvariantCulture) }),
        };
        return new PodJudge(snapshot).Judge(pod);
    }

    private static string Pod(string status, string spec, string metadata, string container, string created, bool ready)
    {
        var more = container == "{}" ? "" : "," + container[1..^1];
        return $$$"""
            {"metadata":{"name":"app-1","namespace":"media","creationTimestamp":"{{{created}}}"{{{metadata}}}},
             "spec":{"nodeName":"w1","containers":[{"name":"app","resources":{"limits":{"memory":"64Mi"}}{{{more}}}}]{{{spec}}}},
             "status":{"phase":"{{{(ready ? "Running" : "Pending")}}}","containerStatuses":[{{{status}}}],
              "conditions":[{"type":"PodScheduled","status":"True","lastTransitionTime":"{{{created}}}"},{"type":"Ready","status":"{{{(ready ? "True" : "False")}}}","lastTransitionTime":"{{{created}}}"}]}}
            """;
    }
}
