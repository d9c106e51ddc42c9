using HomelabOps.Core.Diagnosis.Pods;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Tests.Diagnosis.Checks;

namespace HomelabOps.Core.Tests.Diagnosis.Pods;

/// <summary>Pods that do not get as far as to crash, or are of the wrong processor.</summary>
public sealed class PodStateTests
{
    private const string Scheduled = """{"type":"PodScheduled","status":"True","lastTransitionTime":"2026-11-26T11:00:00Z"}""";
    private const string Creating = """{"name":"app","ready":false,"restartCount":0,"state":{"waiting":{"reason":"ContainerCreating"} } }""";
    private const string NotRunnable = "exec /app: exec format error";
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void One_on_a_node_that_is_gone_waits_for_the_node()
    {
        var problem = Judge(Pod("Running", Scheduled, """{"name":"app","ready":false,"restartCount":0,"state":{"running":{} } }"""), isReady: false);
        Assert.Equal(("PodOnLostNode", "Node/w1"), (problem!.Reason, $"{Assert.Single(problem.Causes).Object}"));
    }

    [Theory]
    [InlineData("Evicted", "PodEvicted")]
    [InlineData("UnexpectedAdmissionError", "PodFailed")]
    public void What_a_failed_one_leaves_is_told(string reason, string expected) =>
        Assert.Equal(expected, Judge(Pod("Failed", Scheduled, "", $",\"reason\":\"{reason}\""))!.Reason);

    [Fact]
    public void One_that_no_scheduler_looks_at_is_unnoticed() => Assert.Equal("PodUnnoticed", Judge(Pod("Pending", "", "", node: ""))!.Reason);

    [Fact]
    public void One_that_does_not_start_says_why_or_only_that_it_hangs()
    {
        Assert.Equal("PodStartHangs", Judge(Pod("Pending", Scheduled, Creating))!.Reason);
        var problem = Judge(Pod("Pending", Scheduled, Creating), ("FailedMount", "MountVolume.SetUp failed for volume \"config\""));
        Assert.Equal(("MountFailed", "MountVolume.SetUp failed for volume \"config\""), (problem!.Reason, problem.Words));
    }

    [Theory]
    [InlineData("CreateContainerError", "context deadline exceeded", "ContainerNotCreated", "app")]
    [InlineData("RunContainerError", NotRunnable, "ImageArchitecture", "ghcr.io/a/b:1")]
    public void A_container_that_is_not_made_says_why(string reason, string message, string expected, string detail)
    {
        var problem = Judge(Pod("Pending", Scheduled, $$"""{"name":"app","ready":false,"restartCount":0,"state":{"waiting":{"reason":"{{reason}}","message":"{{message}}"} } }"""));
        Assert.Equal((expected, detail), (problem!.Reason, problem.Detail));
        Assert.Contains(message, problem.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "", NotRunnable, "ImageArchitecture")]
    [InlineData(128, "failed to create task: exec: \\\"/app\\\": exec format error", "", "ImageArchitecture")]
    [InlineData(1, "", "cannot read settings", "CrashLoop")]
    public void A_program_for_another_processor_is_no_mere_crash(int code, string message, string log, string expected)
    {
        var status = $$$"""{"name":"app","ready":false,"restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff"} },"lastState":{"terminated":{"exitCode":{{{code}}},"reason":"Error","message":"{{{message}}}"} } }""";
        var problem = Judge(Pod("Running", Scheduled, status), log: log);
        Assert.Equal(expected, problem!.Reason);
        Assert.Equal(expected == "ImageArchitecture", problem.Words.Contains("exec format error", StringComparison.Ordinal));
    }

    private static PodProblem? Judge(PodFacts pod, (string Reason, string Message)? warning = null, string log = "", bool isReady = true) => new PodJudge(new HomelabSnapshot
    {
        Cluster = Made.Cluster,
        Now = Now,
        Pods = [pod],
        Nodes = [Made.Of(WireContext.Default.NodeWire, $$$"""{"metadata":{"name":"w1"},"status":{"conditions":[{"type":"Ready","status":"{{{isReady}}}"}]} }""")],
        Warnings = (warning is { } said ? [said] : Array.Empty<(string Reason, string Message)>()).ToLookup(_ => pod.Reference, item => new EventWire { Reason = item.Reason, Message = item.Message }),
        LastWords = log.Length == 0 ? new Dictionary<(ResourceReference, string), IReadOnlyList<string>>() : new Dictionary<(ResourceReference, string), IReadOnlyList<string>> { [(pod.Reference, "app")] = ["starting", log] },
    }).Judge(pod);

    private static PodFacts Pod(string phase, string condition, string container, string status = "", string node = "w1") => new(
        Made.Of(DiagnosisWireContext.Default.DiagnosedPodWire, $$$"""
            {"metadata":{"name":"app-1","namespace":"media","creationTimestamp":"2026-11-26T11:00:00Z"},"spec":{"nodeName":"{{{node}}}","containers":[{"name":"app","image":"ghcr.io/a/b:1"}]},
             "status":{"phase":"{{{phase}}}"{{{status}}},"conditions":[{{{condition}}}],"containerStatuses":[{{{container}}}]} }
            """),
        new(Made.Cluster, "Pod", "media", "app-1"),
        new(Made.Cluster, "Deployment", "media", "app"));
}
