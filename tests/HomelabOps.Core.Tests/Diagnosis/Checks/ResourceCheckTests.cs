using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Tests.Diagnosis.Checks;

/// <summary>What containers may take, what they take, and what nodes have.</summary>
public sealed class ResourceCheckTests
{
    private const string Bounded = """{"requests":{"cpu":"10m","memory":"64Mi"},"limits":{"memory":"100Mi"}}""";
    private const string Unset = "Info ResourcesUnset Deployment/media/sonarr";

    [Theory]
    [InlineData(Bounded, "")]
    [InlineData("""{"limits":{"cpu":"1","memory":"100Mi"}}""", "")]
    [InlineData("""{"requests":{"cpu":"10m","memory":"64Mi"}}""", "app: limits.memory.")]
    [InlineData("""{"requests":{"cpu":"10m"},"limits":{"cpu":"1"}}""", "app: limits.memory, requests.memory.")]
    [InlineData("{}", "app: limits.memory, requests.cpu, requests.memory.")]
    public void What_is_unset_is_named(string resources, string expected)
    {
        var snapshot = Snapshot(Pod(resources));
        Assert.Equal(expected.Length == 0 ? [] : [Unset], new ResourceCheck().Findings(snapshot));
        Assert.Contains(expected, new ResourceCheck().Text(snapshot), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_set_for_the_pod_as_a_whole_counts() =>
        Assert.Empty(new ResourceCheck().Findings(Snapshot(Pod("{}", ",\"resources\":" + Bounded))));

    [Fact]
    public void A_sidecar_counts_and_an_init_container_does_not()
    {
        Assert.Empty(new ResourceCheck().Findings(Snapshot(Pod(Bounded, ",\"initContainers\":[{\"name\":\"prepare\"}]"))));
        Assert.Contains("proxy: limits.memory", new ResourceCheck().Text(Snapshot(Pod(Bounded, ",\"initContainers\":[{\"name\":\"proxy\",\"restartPolicy\":\"Always\"}]"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kube-system", "", "True")]
    [InlineData("media", ""","ownerReferences":[{"kind":"ReplicationSource","name":"x"}]""", "True")]
    [InlineData("media", "", "False")]
    public void Those_that_nobody_can_write_and_those_that_do_not_run_are_left_alone(string space, string owner, string ready) =>
        Assert.Empty(new ResourceCheck().Findings(Snapshot([Pod("{}", space: space, ready: ready)], owner, space)));

    [Theory]
    [InlineData(90, false)]
    [InlineData(95, true)]
    public void A_container_that_is_about_to_reach_its_limit_is_told(int mebibytes, bool isTold)
    {
        var snapshot = Snapshot([Pod(Bounded)], usage: new() { [("media", "sonarr-1", "app")] = mebibytes * 1024L * 1024 });
        Assert.Equal(isTold ? ["Warning MemoryNearLimit Deployment/media/sonarr"] : [], new ResourceCheck().Findings(snapshot));
        Assert.Equal(isTold, new ResourceCheck().Text(snapshot).Contains("95 MiB of 100 MiB", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("8", "1Gi", false)]
    [InlineData("9", "1Gi", true)]
    [InlineData("1", "64Gi", true)]
    [InlineData("8", "32Gi", true)]
    public void A_pod_that_no_node_is_large_enough_for_is_told(string cpu, string memory, bool isTold)
    {
        var snapshot = Snapshot(Pod($$$"""{"requests":{"cpu":"{{{cpu}}}","memory":"{{{memory}}}"},"limits":{"memory":"{{{memory}}}"}}""", node: "", ready: "False"));
        Assert.Equal(isTold ? ["Error RequestsOverNodes Deployment/media/sonarr"] : [], new ResourceCheck().Findings(snapshot));
    }

    private static HomelabSnapshot Snapshot(PodFacts pod) => Snapshot([pod]);

    private static HomelabSnapshot Snapshot(PodFacts[] pods, string owner = "", string space = "media", Dictionary<(string, string, string), long>? usage = null) => new()
    {
        Cluster = Made.Cluster,
        Pods = pods,
        MemoryUsage = usage,
        Workloads = [new(new(Made.Cluster, "Deployment", space, "sonarr"), Made.Of(DiagnosisWireContext.Default.WorkloadWire, $$$"""{"metadata":{"name":"sonarr","namespace":"{{{space}}}"{{{owner}}}} }"""))],
        Nodes =
        [
            Node("large", "8", "16Gi"),
            Node("small", "2", "32Gi"),
            Made.Of(WireContext.Default.NodeWire, """{"metadata":{"name":"silent"}}"""),
        ],
    };

    private static NodeWire Node(string name, string cpu, string memory) =>
        Made.Of(WireContext.Default.NodeWire, $$$"""{"metadata":{"name":"{{{name}}}"},"status":{"allocatable":{"cpu":"{{{cpu}}}","memory":"{{{memory}}}"} } }""");

    private static PodFacts Pod(string resources, string spec = "", string space = "media", string node = "large", string ready = "True") => new(
        Made.Of(DiagnosisWireContext.Default.DiagnosedPodWire, $$$"""
            {"metadata":{"name":"sonarr-1","namespace":"{{{space}}}"},"spec":{"nodeName":"{{{node}}}","containers":[{"name":"app","resources":{{{resources}}}}]{{{spec}}}},
             "status":{"phase":"Running","conditions":[{"type":"Ready","status":"{{{ready}}}"}]}}
            """),
        new(Made.Cluster, "Pod", space, "sonarr-1"),
        new(Made.Cluster, "Deployment", space, "sonarr"));
}
