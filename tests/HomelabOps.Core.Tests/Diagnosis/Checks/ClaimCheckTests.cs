using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Volumes;
using HomelabOps.Core.Volumes.Wire;

namespace HomelabOps.Core.Tests.Diagnosis.Checks;

/// <summary>A claim that is bound where its pods cannot run.</summary>
public sealed class ClaimCheckTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_waits_for_what_the_scheduler_says_of_its_pods_and_comes_from_them_then()
    {
        var (early, late) = (Snapshot("2026-11-26T11:59:55Z"), Snapshot("2026-11-26T11:59:40Z"));
        Assert.Equal((true, false), (Assert.Single(new ClaimCheck().Check(early)).IsPassing, Assert.Single(new ClaimCheck().Check(late)).IsPassing));
        Assert.Empty(new PodCheck().Check(early));
        var all = new CauseGraph([.. new ClaimCheck().Check(late), .. new PodCheck().Check(late)]).Explain();
        Assert.Equal(["ClaimNodeUnusable from VolumeElsewhere", "VolumeElsewhere from VolumeElsewhere"], all.Select(each => $"{each.Symptom.Finding.Reason} from {each.Root.Finding.Reason}"));
    }

    [Fact]
    public void One_that_waits_for_its_pod_and_the_pod_both_come_from_the_node_that_is_cordoned()
    {
        var pod = Pod("2026-11-26T11:50:00Z", "");
        NodeWire[] nodes = [Node("w1", "primary", """{"unschedulable":true}""")];
        var snapshot = new HomelabSnapshot
        {
            Cluster = Made.Cluster,
            Now = Now,
            Pods = [pod],
            Nodes = nodes,
            Storage = VolumeFacts.Of(
                [Made.Of(VolumeWireContext.Default.ClaimWire, """{"metadata":{"name":"sonarr-config","namespace":"media"},"spec":{"storageClassName":"local-path"},"status":{"phase":"Pending"} }""")],
                [],
                [Made.Of(VolumeWireContext.Default.StorageClassWire, """{"metadata":{"name":"local-path"},"provisioner":"rancher.io/local-path","volumeBindingMode":"WaitForFirstConsumer"}""")],
                nodes,
                [pod.ToConsumer()!]),
        };
        var all = new CauseGraph([.. new NodeCheck().Check(snapshot), .. new ClaimCheck().Check(snapshot), .. new PodCheck().Check(snapshot)]).Explain();
        Assert.Equal(
            ["NodeCordoned from NodeCordoned", "ClaimConsumerUnschedulable from NodeCordoned", "Unschedulable from NodeCordoned"],
            all.Select(each => $"{each.Symptom.Finding.Reason} from {each.Root.Finding.Reason}"));
    }

    private static PodFacts Pod(string since, string spec) => new(
        Made.Of(DiagnosisWireContext.Default.DiagnosedPodWire, $$$"""
            {"metadata":{"name":"sonarr-1","namespace":"media","creationTimestamp":"{{{since}}}"},
             "spec":{{{{spec}}}"containers":[{"name":"app"}],"volumes":[{"name":"config","persistentVolumeClaim":{"claimName":"sonarr-config"} }]},
             "status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/2 nodes are available","lastTransitionTime":"{{{since}}}"}]} }
            """),
        new(Made.Cluster, "Pod", "media", "sonarr-1"),
        new(Made.Cluster, "Deployment", "media", "sonarr"));

    private static HomelabSnapshot Snapshot(string since)
    {
        var pod = Pod(since, "\"nodeSelector\":{\"role\":\"primary\"},");
        NodeWire[] nodes = [Node("w1", "primary"), Node("w2", "backup")];
        return new()
        {
            Cluster = Made.Cluster,
            Now = Now,
            Pods = [pod],
            Nodes = nodes,
            Storage = VolumeFacts.Of(
                [Made.Of(VolumeWireContext.Default.ClaimWire, """{"metadata":{"name":"sonarr-config","namespace":"media"},"spec":{"volumeName":"pv"},"status":{"phase":"Bound"} }""")],
                [Made.Of(VolumeWireContext.Default.VolumeWire, """
                    {"metadata":{"name":"pv"},"spec":{"claimRef":{"namespace":"media","name":"sonarr-config"},"nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"role","operator":"In","values":["backup"]}]}]} } } }
                    """)],
                null,
                nodes,
                [pod.ToConsumer()!]),
        };
    }

    private static NodeWire Node(string name, string role, string spec = "{}") => Made.Of(WireContext.Default.NodeWire, $$$"""
        {"metadata":{"name":"{{{name}}}","labels":{"role":"{{{role}}}"} },"spec":{{{spec}}},"status":{"conditions":[{"type":"Ready","status":"True"}]} }
        """);
}
