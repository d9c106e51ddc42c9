using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Pods;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Tests.Diagnosis.Checks;
using HomelabOps.Core.Volumes;
using HomelabOps.Core.Volumes.Wire;

namespace HomelabOps.Core.Tests.Diagnosis.Pods;

/// <summary>Why no node takes a pod.</summary>
public sealed class SchedulingExplainerTests
{
    private const string Claims = ""","volumes":[{"name":"config","persistentVolumeClaim":{"claimName":"sonarr-config"} }]""";

    [Theory]
    [InlineData("", "512Mi", "", "Unschedulable")]
    [InlineData("", "64Gi", "", "InsufficientResources")]
    [InlineData(""","nodeSelector":{"disk":"fast"}""", "512Mi", "", "NoNodeMatches")]
    [InlineData(Claims, "512Mi", "", "ClaimMissing")]
    [InlineData(Claims, "512Mi", "elsewhere", "VolumeElsewhere")]
    public void It_is_told_by_what_all_nodes_have_against_it(string spec, string memory, string place, string expected) =>
        Assert.Equal(expected, Explain(spec, memory, place).Reason);

    [Fact]
    public void Each_node_says_what_it_has_against_it()
    {
        var words = Explain(""","nodeSelector":{"disk":"fast"}""", "64Gi", "").Words;
        Assert.All(["w1: ", "w2: ", "disk", "64"], text => Assert.Contains(text, words, StringComparison.Ordinal));
    }

    [Fact]
    public void One_that_waits_for_a_node_comes_from_it()
    {
        var problem = Explain("", "512Mi", "", """{"type":"DiskPressure","status":"True"}""");
        Assert.Equal("Unschedulable", problem.Reason);
        Assert.Equal(["Node/w1", "Node/w2"], problem.Causes.Select(cause => $"{cause.Object}"));
    }

    [Fact]
    public void One_whose_claim_is_not_bound_comes_from_the_claim()
    {
        var problem = Explain(Claims, "512Mi", "unbound");
        Assert.Equal(("Unschedulable", "PersistentVolumeClaim/media/sonarr-config"), (problem.Reason, $"{Assert.Single(problem.Causes).Object}"));
    }

    private static PodProblem Explain(string spec, string memory, string place, string condition = "")
    {
        var pod = new PodFacts(
            Made.Of(DiagnosisWireContext.Default.DiagnosedPodWire, $$$"""
                {"metadata":{"name":"sonarr-1","namespace":"media"},"spec":{"containers":[{"name":"app","resources":{"requests":{"memory":"{{{memory}}}"} } }]{{{spec}}}},"status":{"phase":"Pending"} }
                """),
            new(Made.Cluster, "Pod", "media", "sonarr-1"),
            null);
        var phase = place == "unbound" ? "Pending" : "Bound";
        ClaimWire[] claims = place.Length == 0 ? [] : [Made.Of(VolumeWireContext.Default.ClaimWire, $$$"""{"metadata":{"name":"sonarr-config","namespace":"media"},"spec":{"volumeName":"pv"},"status":{"phase":"{{{phase}}}"} }""")];
        VolumeWire[] volumes = place != "elsewhere" ? [] : [Made.Of(VolumeWireContext.Default.VolumeWire, """
            {"metadata":{"name":"pv"},"spec":{"nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"role","operator":"In","values":["gone"]}]}]} } } }
            """)];
        NodeWire[] nodes = [Node("w1", condition), Node("w2", condition)];
        return new SchedulingExplainer(new() { Cluster = Made.Cluster, Pods = [pod], Nodes = nodes, Storage = VolumeFacts.Of(claims, volumes, null, nodes, null) }).Explain(pod);
    }

    private static NodeWire Node(string name, string condition) => Made.Of(WireContext.Default.NodeWire, $$$"""
        {"metadata":{"name":"{{{name}}}"},"status":{"allocatable":{"cpu":"4","memory":"8Gi"},"conditions":[{"type":"Ready","status":"True"}{{{(condition.Length > 0 ? "," + condition : "")}}}]} }
        """);
}
