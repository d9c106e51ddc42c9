using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Tests.Diagnosis.Checks;

/// <summary>Workloads that do not get their pods, Jobs that fail, and applications that are stopped for too long.</summary>
public sealed class WorkloadCheckTests
{
    private const string Old = "2026-11-26T11:00:00Z";
    private const string Refused = """{"type":"ReplicaFailure","status":"True","message":"exceeded quota: small"}""";
    private const string Slow = """{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded"}""";
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Deployment", Refused, "Error PodsRefused Deployment/media/sonarr")]
    [InlineData("Deployment", "", "Error PodsNotMade Deployment/media/sonarr")]
    [InlineData("StatefulSet", "", "Error PodsNotMade StatefulSet/media/sonarr")]
    public void Pods_that_are_not_made_are_told_with_who_refuses_them(string kind, string condition, string expected) =>
        Assert.Equal([expected], new WorkloadCheck().Findings(Snapshot([Workload(kind, conditions: condition)])));

    [Fact]
    public void Where_no_condition_says_it_an_event_does()
    {
        var warning = new EventWire { Reason = "FailedCreate", Message = "forbidden: violates PodSecurity" };
        var snapshot = Snapshot([Workload("DaemonSet", status: "\"desiredNumberScheduled\":2")], warning: ("DaemonSet", warning));
        Assert.Equal(["Error PodsRefused DaemonSet/media/sonarr"], new WorkloadCheck().Findings(snapshot));
        Assert.Contains("violates PodSecurity", new WorkloadCheck().Text(snapshot), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"replicas":0}""", Old)]
    [InlineData("""{"replicas":1,"paused":true}""", Old)]
    [InlineData("""{"replicas":1}""", "2026-11-26T11:59:30Z")]
    public void Nobody_asks_for_those_of_one_that_is_stopped_or_new(string spec, string created) =>
        Assert.Empty(new WorkloadCheck().Findings(Snapshot([Workload("Deployment", spec, created: created)])));

    [Fact]
    public void A_rollout_that_does_not_get_on_while_its_pods_are_well_is_stuck()
    {
        Assert.Equal(["Error RolloutStuck Deployment/media/sonarr"], new WorkloadCheck().Findings(Snapshot([Workload("Deployment", """{"replicas":2}""", Slow)], Pod("True"))));
        Assert.Empty(new WorkloadCheck().Findings(Snapshot([Workload("Deployment", """{"replicas":2}""", Slow)], Pod("False"))));
    }

    [Theory]
    [InlineData("2026-01-01T00:00:00Z", true)]
    [InlineData("2999-01-01T00:00:00Z", false)]
    public void One_that_is_stopped_for_longer_than_was_planned_is_offered_to_be_started(string until, bool isTold)
    {
        var metadata = $$""","annotations":{"homelabops.github.io/suspended-until":"{{until}}"}""";
        var found = new WorkloadCheck().Check(Snapshot([Workload("Deployment", """{"replicas":0}""", metadata: metadata)])).Select(symptom => symptom.Finding).ToList();
        Assert.Equal(isTold ? [("StopOverdue", HomelabRepairKind.StartApp)] : [], found.Select(finding => (finding.Reason, finding.Repair!.Kind)));
    }

    [Fact]
    public void A_Job_that_has_failed_is_told_until_a_later_run_has_not()
    {
        const string failed = """{"type":"Failed","status":"True","message":"Job has reached the specified backoff limit"}""";
        var jobs = new[] { Job("backup-1", 1, failed), Job("backup-2", 2, failed) };
        var check = new WorkloadCheck();
        Assert.Equal(["Warning JobFailed CronJob/media/backup"], check.Findings(Snapshot([], jobs: jobs)));
        Assert.Contains("backup-2, Job has reached", check.Text(Snapshot([], jobs: jobs)), StringComparison.Ordinal);
        Assert.Empty(check.Findings(Snapshot([], jobs: [.. jobs, Job("backup-3", 3, """{"type":"Complete","status":"True"}""")])));
        Assert.NotEmpty(check.Findings(Snapshot([], jobs: [.. jobs, Job("backup-4", 4, "")])));
    }

    [Theory]
    [InlineData("Deployment", """{"replicas":1,"template":{"spec":{"serviceAccountName":"gone"} } }""", "", "Error ServiceAccountMissing Deployment/media/sonarr")]
    [InlineData("Deployment", """{"replicas":1,"template":{"spec":{"serviceAccount":"gone"} } }""", Refused, "Error ServiceAccountMissing Deployment/media/sonarr")]
    [InlineData("StatefulSet", """{"replicas":1,"template":{"spec":{"serviceAccountName":"gone"} } }""", "1", "Warning ServiceAccountMissing StatefulSet/media/sonarr")]
    [InlineData("CronJob", """{"jobTemplate":{"spec":{"template":{"spec":{"serviceAccountName":"gone"} } } } }""", "", "Warning ServiceAccountMissing CronJob/media/sonarr")]
    [InlineData("CronJob", """{"suspend":true,"jobTemplate":{"spec":{"template":{"spec":{"serviceAccountName":"gone"} } } } }""", "", "")]
    [InlineData("Deployment", """{"replicas":0,"template":{"spec":{"serviceAccountName":"gone"} } }""", "", "")]
    [InlineData("Deployment", """{"replicas":1,"template":{"spec":{"serviceAccountName":"there"} } }""", "1", "")]
    [InlineData("Deployment", """{"replicas":1,"template":{"spec":{"serviceAccountName":"default"} } }""", "1", "")]
    [InlineData("Deployment", """{"replicas":1,"template":{"spec":{} } }""", "1", "")]
    public void A_ServiceAccount_that_is_missing_is_read_from_the_spec(string kind, string spec, string condition, string expected)
    {
        var isThere = condition == "1";
        var workload = Workload(kind, spec, isThere ? "" : condition, isThere ? "\"availableReplicas\":1" : "");
        Assert.Equal(expected.Length == 0 ? [] : [expected], new WorkloadCheck().Findings(Snapshot([workload])));
    }

    [Fact]
    public void Who_may_not_read_ServiceAccounts_is_told_none_is_missing()
    {
        var workload = Workload("Deployment", """{"replicas":1,"template":{"spec":{"serviceAccountName":"gone"} } }""", "", "\"availableReplicas\":1");
        Assert.Empty(new WorkloadCheck().Findings(new() { Cluster = Made.Cluster, Now = Now, Pods = [], Workloads = [workload] }));
    }

    private static HomelabSnapshot Snapshot(WorkloadFacts[] workloads, PodFacts? pod = null, JobWire[]? jobs = null, (string Kind, EventWire Event)? warning = null) => new()
    {
        Cluster = Made.Cluster,
        Now = Now,
        Workloads = workloads,
        Pods = pod is null ? [] : [pod],
        Jobs = jobs,
        ServiceAccounts = new HashSet<(string, string)> { ("media", "there"), ("other", "gone") },
        Warnings = (warning is { } said ? [said] : Array.Empty<(string Kind, EventWire Event)>()).ToLookup(item => new ResourceReference(Made.Cluster, item.Kind, "media", "sonarr"), item => item.Event),
    };

    private static WorkloadFacts Workload(string kind, string spec = """{"replicas":1}""", string conditions = "", string status = "", string created = Old, string metadata = "") => new(
        new(Made.Cluster, kind, "media", "sonarr"),
        Made.Of(DiagnosisWireContext.Default.WorkloadWire, $$$"""
            {"metadata":{"name":"sonarr","namespace":"media","creationTimestamp":"{{{created}}}"{{{metadata}}}},"spec":{{{spec}}},"status":{"conditions":[{{{conditions}}}]{{{(status.Length > 0 ? "," + status : "")}}}} }
            """));

    private static PodFacts Pod(string ready) => new(
        Made.Of(DiagnosisWireContext.Default.DiagnosedPodWire, $$$"""{"metadata":{"name":"sonarr-1","namespace":"media"},"status":{"phase":"Running","conditions":[{"type":"Ready","status":"{{{ready}}}"}]} }"""),
        new(Made.Cluster, "Pod", "media", "sonarr-1"),
        new(Made.Cluster, "Deployment", "media", "sonarr"));

    private static JobWire Job(string name, int hour, string condition) => Made.Of(DiagnosisWireContext.Default.JobWire, $$$"""
        {"metadata":{"name":"{{{name}}}","namespace":"media","creationTimestamp":"2026-11-26T0{{{hour}}}:00:00Z","ownerReferences":[{"kind":"CronJob","name":"backup","controller":true,"apiVersion":"batch/v1","uid":"1"}]},"status":{"conditions":[{{{condition}}}]} }
        """);
}
