using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Volumes;
using HomelabOps.Core.Volumes.Wire;

namespace HomelabOps.Core.Tests.Diagnosis.Checks;

/// <summary>What has no pods because somebody wants it so is not a fault, and neither is what hangs on it.</summary>
public sealed class DeliberateZeroTests
{
    private const string Old = "2026-11-26T11:00:00Z";
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Deployment", "")]
    [InlineData("Deployment", "\"autoscaling.alpha.kubernetes.io/conditions\":\"[{'type':'ScalingActive','status':'False','reason':'ScalingDisabled'}]\"")]
    [InlineData("Deployment", "\"autoscaling.keda.sh/paused-replicas\":\"0\"")]
    [InlineData("Deployment", "\"downscaler/original-replicas\":\"1\"")]
    [InlineData("StatefulSet", "\"kube-green.dev/replicas\":\"1\"")]
    [InlineData("StatefulSet", "\"homelabops.github.io/suspended-at\":\"2026-11-26T11:00:00Z\",\"homelabops.github.io/suspended-reason\":\"holidays\"")]
    public void By_an_autoscaler_or_by_an_annotation(string kind, string annotation)
    {
        var snapshot = Snapshot(Workload(kind, 0, annotation));
        Assert.Empty(HomelabTester.Find(snapshot, new() { IncludeConsequence = true }));
    }

    [Fact]
    public void Whose_pods_are_wanted_is_told()
    {
        var found = Assert.Single(HomelabTester.Find(Snapshot(Workload("Deployment", 1, "")), new()));
        Assert.Equal(("PodsNotMade", "Deployment/media/sonarr"), (found.Reason, $"{found.Target}"));
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "ServiceWithoutWorkload")]
    public void An_operator_may_take_the_pods_of_its_Service_away(bool isMade, string reason)
    {
        var owner = isMade ? ""","ownerReferences":[{"apiVersion":"postgresql.cnpg.io/v1","kind":"Cluster","name":"sonarr","controller":true}]""" : "";
        var found = HomelabTester.Find(Snapshot(null, owner), new()).Where(finding => finding.Target?.Kind == "Service");
        Assert.Equal(reason.Length == 0 ? [] : [reason], found.Select(finding => finding.Reason));
    }

    private static WorkloadFacts Workload(string kind, int replicas, string annotation) => new(
        new(Made.Cluster, kind, "media", "sonarr"),
        Made.Of(DiagnosisWireContext.Default.WorkloadWire, $$$"""{"metadata":{"name":"sonarr","namespace":"media","creationTimestamp":"{{{Old}}}","annotations":{ {{{annotation.Replace("'", "\\\"", StringComparison.Ordinal)}}} } },"spec":{"replicas":{{{replicas}}},"template":{"metadata":{"labels":{"app":"sonarr"} } } },"status":{} }"""));

    // With a Service, an Ingress and a claim that waits for its first pod.
    private static HomelabSnapshot Snapshot(WorkloadFacts? workload, string owner = "") => new()
    {
        Cluster = Made.Cluster,
        Now = Now,
        Pods = [],
        Workloads = workload is null ? [] : [workload],
        Services = [Made.Of(DiagnosisWireContext.Default.ServiceWire, $$$"""{"metadata":{"name":"sonarr","namespace":"media","creationTimestamp":"{{{Old}}}"{{{owner}}} },"spec":{"selector":{"app":"sonarr"} } }""")],
        Endpoints = [],
        Storage = VolumeFacts.Of(
            [Made.Of(VolumeWireContext.Default.ClaimWire, $$$"""{"metadata":{"name":"sonarr","namespace":"media","creationTimestamp":"{{{Old}}}"},"spec":{"storageClassName":"local-path"},"status":{"phase":"Pending"} }""")],
            [],
            [Made.Of(VolumeWireContext.Default.StorageClassWire, """{"metadata":{"name":"local-path"},"provisioner":"rancher.io/local-path","volumeBindingMode":"WaitForFirstConsumer"}""")],
            null,
            []),
    };
}
