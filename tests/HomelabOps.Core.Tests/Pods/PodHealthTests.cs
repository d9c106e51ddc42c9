using System.Text.Json;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Tests.Pods;

/// <summary>The rules of kubectl's printer (printPod in pkg/printers/internalversion/printers.go of Kubernetes 1.32), case by case.</summary>
public sealed class PodHealthTests
{
    private const string Running = """{"running":{"startedAt":"2026-01-01T00:00:00Z"}}""";
    private const string Completed = """{"terminated":{"exitCode":0,"reason":"Completed","finishedAt":"2026-01-01T00:00:00Z"}}""";
    private const string Ready = """{"type":"Ready","status":"True"}""";
    private const string NotReady = """{"type":"Ready","status":"False","reason":"ContainersNotReady","message":"containers with unready status: [a]"}""";
    private const string Initialized = """{"type":"Initialized","status":"True"}""";
    private const string NotInitialized = """{"type":"Initialized","status":"False","reason":"ContainersNotInitialized","message":"containers with incomplete status: [i]"}""";
    private const string Deleted = "\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"";

    public static TheoryData<string, string, string> Cases { get; } = new()
    {
        { "Running 1/1 0", Pod("Running", [Ready, Initialized], [Container("a", Running, ready: true)]), "" },
        { "Running 0/1 0", Pod("Running", [NotReady], [Container("a", Running)]), "ContainersNotReady" },
        { "Running 1/2 3", Pod("Running", [NotReady], [Container("a", Running, ready: true, restarts: 3), Container("b", Running)]), "ContainersNotReady" },
        { "Completed 0/1 0", Pod("Succeeded", [NotReady], [Container("a", Completed)]), "" },
        { "CrashLoopBackOff 0/1 7", Pod("Running", [NotReady], [Container("a", Waiting("CrashLoopBackOff"), restarts: 7)]), "CrashLoopBackOff" },
        { "ImagePullBackOff 0/1 0", Pod("Pending", [NotReady], [Container("a", Waiting("ImagePullBackOff"))]), "ImagePullBackOff" },
        { "ErrImagePull 0/2 0", Pod("Pending", [NotReady], [Container("a", Waiting("ErrImagePull")), Container("b", Running)]), "ErrImagePull" },
        { "ContainerCreating 0/1 0", Pod("Pending", [NotReady], [Container("a", Waiting("ContainerCreating"))]), "ContainersNotReady" },
        { "Pending 0/1 0", Pod("Pending", ["""{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/2 nodes"}"""], [], count: 1), "Unschedulable" },
        { "SchedulingGated 0/1 0", Pod("Pending", ["""{"type":"PodScheduled","status":"False","reason":"SchedulingGated","message":"gated"}"""], [], count: 1), "SchedulingGated" },
        { "OOMKilled 0/1 1", Pod("Running", [NotReady], [Container("a", Ended(137, "OOMKilled"), restarts: 1)]), "OOMKilled" },
        { "Error 0/1 0", Pod("Failed", [NotReady], [Container("a", Ended(1, "Error"))]), "Error" },
        { "Signal:9 0/1 0", Pod("Failed", [NotReady], [Container("a", """{"terminated":{"exitCode":137,"signal":9}}""")]), "Error" },
        { "ExitCode:3 0/1 0", Pod("Failed", [NotReady], [Container("a", """{"terminated":{"exitCode":3}}""")]), "Error" },
        { "Evicted 0/1 0", Pod("Failed", [], [], count: 1, reason: "Evicted"), "Evicted" },
        { "NotReady 1/2 0", Pod("Running", [NotReady], [Container("a", Completed), Container("b", Running, ready: true)]), "ContainersNotReady" },
        { "Running 1/2 0", Pod("Running", [Ready], [Container("a", Completed), Container("b", Running, ready: true)]), "" },

        // The statuses are looked at from the last to the first, so the first one has the last word.
        { "Completed 0/2 0", Pod("Running", [NotReady], [Container("a", Completed), Container("b", Waiting("CrashLoopBackOff"))]), "CrashLoopBackOff" },
        { "Terminating 1/1 0", Pod("Running", [Ready], [Container("a", Running, ready: true)], metadata: Deleted), "" },
        { "Terminating 0/1 2", Pod("Running", [NotReady], [Container("a", Waiting("CrashLoopBackOff"), restarts: 2)], metadata: Deleted), "CrashLoopBackOff" },
        { "Completed 0/1 0", Pod("Succeeded", [NotReady], [Container("a", Completed)], metadata: Deleted), "" },
        { "Error 0/1 0", Pod("Failed", [NotReady], [Container("a", Ended(1, "Error"))], metadata: Deleted), "Error" },
        { "Unknown 1/1 0", Pod("Running", [NotReady], [Container("a", Running, ready: true)], reason: "NodeLost", metadata: Deleted), "Unknown" },
        { "NodeLost 1/1 0", Pod("Running", [NotReady], [Container("a", Running, ready: true)], reason: "NodeLost"), "NodeLost" },

        { "Init:0/2 0/1 0", Pod("Pending", [NotInitialized], [Container("a", Waiting("PodInitializing"))], [Init("i", Running), Init("j", Waiting("PodInitializing"))]), "ContainersNotInitialized" },
        { "Init:1/2 0/1 0", Pod("Pending", [NotInitialized], [Container("a", Waiting("PodInitializing"))], [Init("i", Completed), Init("j", Waiting("PodInitializing"))]), "ContainersNotInitialized" },
        { "Init:CrashLoopBackOff 0/1 4", Pod("Pending", [NotInitialized], [Container("a", Waiting("PodInitializing"))], [Init("i", Waiting("CrashLoopBackOff"), restarts: 4)]), "CrashLoopBackOff" },
        { "Init:Error 0/1 0", Pod("Pending", [NotInitialized], [Container("a", Waiting("PodInitializing"))], [Init("i", Ended(1, "Error"))]), "Error" },
        { "Init:Signal:9 0/1 0", Pod("Pending", [NotInitialized], [Container("a", Waiting("PodInitializing"))], [Init("i", """{"terminated":{"exitCode":137,"signal":9}}""")]), "Error" },
        { "Init:ExitCode:3 0/1 0", Pod("Pending", [NotInitialized], [Container("a", Waiting("PodInitializing"))], [Init("i", """{"terminated":{"exitCode":3}}""")]), "Error" },
        { "Init:ImagePullBackOff 0/1 0", Pod("Pending", [NotInitialized], [Container("a", Waiting("PodInitializing"))], [Init("i", Waiting("ImagePullBackOff"))]), "ImagePullBackOff" },
        { "Init:0/1 0/1 0", Pod("Pending", [NotInitialized], [Container("a", Waiting("PodInitializing"))], [Init("i", "{}")]), "ContainersNotInitialized" },
        { "PodInitializing 0/1 0", Pod("Pending", [Initialized, NotReady], [Container("a", Waiting("PodInitializing"))], [Init("i", Completed)]), "ContainersNotReady" },

        // Restarts of init containers are forgotten once the pod runs; those of sidecars are not.
        { "Running 1/1 1", Pod("Running", [Ready, Initialized], [Container("a", Running, ready: true, restarts: 1)], [Init("i", Completed, restarts: 5)]), "" },
        { "Running 2/2 6", Pod("Running", [Ready, Initialized], [Container("a", Running, ready: true, restarts: 1)], [Sidecar("s", Running, started: true, ready: true, restarts: 5)]), "" },
        { "Running 1/2 0", Pod("Running", [NotReady, Initialized], [Container("a", Running, ready: true)], [Sidecar("s", Running, started: true)]), "ContainersNotReady" },
        { "Init:0/2 0/2 0", Pod("Pending", [NotInitialized], [Container("a", Waiting("PodInitializing"))], [Sidecar("s", Running, started: false), Init("i", Waiting("PodInitializing"))]), "ContainersNotInitialized" },
        { "Init:1/2 1/2 0", Pod("Pending", [NotInitialized], [Container("a", Waiting("PodInitializing"))], [Sidecar("s", Running, started: true, ready: true), Init("i", Running)]), "ContainersNotInitialized" },

        // kubectl shows a sidecar's trouble as one of initialization even when that is over.
        { "Init:CrashLoopBackOff 1/2 3", Pod("Running", [NotReady, Initialized], [Container("a", Running, ready: true)], [Sidecar("s", Waiting("CrashLoopBackOff"), restarts: 3)]), "CrashLoopBackOff" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Status_ready_and_restarts_are_those_of_kubectl(string expected, string json, string reason)
    {
        var health = PodHealth.Of(Read(json));
        Assert.Equal((expected, reason), ($"{health.Status} {health.Ready}/{health.Total} {health.Restarts}", health.Reason));
    }

    [Fact]
    public void The_time_of_the_last_restart_is_that_of_the_containers_whose_restarts_count()
    {
        const string Main = """{"name":"a","ready":true,"restartCount":1,"state":{"running":{}},"lastState":{"terminated":{"exitCode":1,"finishedAt":"2026-01-01T10:00:00Z"}}}""";
        const string Late = """{"name":"i","ready":true,"restartCount":2,"state":{"terminated":{"exitCode":0}},"lastState":{"terminated":{"exitCode":1,"finishedAt":"2026-01-01T11:00:00Z"}}}""";
        var normal = $$"""{"spec":{"containers":[{"name":"a"}],"initContainers":[{"name":"i"}]},"status":{"phase":"Running","initContainerStatuses":[{{Late}}],"containerStatuses":[{{Main}}]} }""";
        Assert.Equal((1, 10), (PodHealth.Of(Read(normal)).Restarts, PodHealth.Of(Read(normal)).LastRestart?.Hour));

        var sidecar = normal.Replace("{\"name\":\"i\"}", "{\"name\":\"i\",\"restartPolicy\":\"Always\"}", StringComparison.Ordinal);
        Assert.Equal((3, 11), (PodHealth.Of(Read(sidecar)).Restarts, PodHealth.Of(Read(sidecar)).LastRestart?.Hour));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"spec":null,"status":null}""")]
    [InlineData("""{"spec":{"containers":null},"status":{"containerStatuses":null,"conditions":null}}""")]
    public void A_pod_without_status_is_unknown(string json) => Assert.Equal("Unknown", PodHealth.Of(Read(json)).Status);

    [Theory]
    [InlineData("Succeeded", false, false, true)]
    [InlineData("Running", true, false, true)]
    [InlineData("Running", false, false, false)]
    [InlineData("Running", true, true, false)]
    [InlineData("Failed", false, false, false)]
    public void Healthy_is_ready_or_completed_and_not_on_its_way_out(string phase, bool ready, bool deleted, bool healthy)
    {
        var pod = Read(Pod(phase, [ready ? Ready : NotReady], [], metadata: deleted ? Deleted : "\"name\":\"p\""));
        Assert.Equal(healthy, PodMapper.Map(pod, "c", null).Healthy);
    }

    private static PodWire Read(string json) => JsonSerializer.Deserialize(json, WireContext.Default.PodWire)!;

    private static string Waiting(string reason) => $$$"""{"waiting":{"reason":"{{{reason}}}","message":"because"}}""";

    private static string Ended(int code, string reason) => $$$"""{"terminated":{"exitCode":{{{code}}},"reason":"{{{reason}}}"}}""";

    private static string Container(string name, string state, bool ready = false, int restarts = 0, string started = "null") =>
        $$"""{"name":"{{name}}","started":{{started}},"ready":{{(ready ? "true" : "false")}},"restartCount":{{restarts}},"state":{{state}} }""";

    private static (string Spec, string Status) Init(string name, string state, int restarts = 0) => ($$"""{"name":"{{name}}"}""", Container(name, state, false, restarts));

    private static (string Spec, string Status) Sidecar(string name, string state, bool? started = null, bool ready = false, int restarts = 0) => (
        $$"""{"name":"{{name}}","restartPolicy":"Always"}""",
        Container(name, state, ready, restarts, started switch { true => "true", false => "false", null => "null" }));

    private static string Pod(string phase, string[] conditions, string[] statuses, (string Spec, string Status)[]? init = null, int? count = null, string reason = "", string metadata = "\"name\":\"p\"") => $$"""
        {"metadata":{ {{metadata}} },
        "spec":{"containers":[{{string.Join(',', Enumerable.Range(0, count ?? statuses.Length).Select(number => $"{{\"name\":\"{(char)('a' + number)}\"}}"))}}],"initContainers":[{{string.Join(',', (init ?? []).Select(one => one.Spec))}}]},
        "status":{"phase":"{{phase}}","reason":"{{reason}}","conditions":[{{string.Join(',', conditions)}}],
        "initContainerStatuses":[{{string.Join(',', (init ?? []).Select(one => one.Status))}}],"containerStatuses":[{{string.Join(',', statuses)}}]} }
        """;
}
