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

    [Theory]
    [InlineData("dedicated", "NoNodeMatches", "dedicated=gpu")]
    [InlineData("node.kubernetes.io/out-of-service", "Unschedulable", "node.kubernetes.io/out-of-service=gpu")]
    [InlineData("node.kubernetes.io/network-unavailable", "NoNodeMatches", "network-unavailable")]
    public void The_taint_of_the_node_that_has_the_volume_is_the_cause(string key, string reason, string words)
    {
        var problem = Explain(Claims, "512Mi", "w1", taint: key);
        Assert.Equal(reason, problem.Reason);
        Assert.Contains(words, problem.Words, StringComparison.Ordinal);
        Assert.Equal(reason == "Unschedulable" ? ["Node/w1"] : [], problem.Causes.Select(cause => $"{cause.Object}"));
    }

    [Fact]
    public void Half_a_failover_is_told_as_such()
    {
        Assert.Equal("VolumeElsewhere", Explain(Claims + ""","nodeSelector":{"role":"w2"}""", "512Mi", "w1").Reason);
        Assert.Contains("w1: has no label disk=ssd", Explain(""","nodeSelector":{"disk":"ssd"}""", "512Mi", "").Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"hostPort":8096}""", "", "w1: port 8096 of the node is taken by Pod/media/other")]
    [InlineData("""{"hostPort":8096,"protocol":"UDP"}""", "", "")]
    [InlineData("""{"hostPort":8097}""", "", "")]
    [InlineData("""{"containerPort":8096}""", "", "")]
    [InlineData("", ""","affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"labelSelector":{"matchLabels":{"app":"other"} },"topologyKey":"role"}]} }""", "w1: podAntiAffinity of the pod keeps it away from Pod/media/other")]
    [InlineData("", ""","affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"labelSelector":{"matchLabels":{"app":"other"} },"namespaces":["web"],"topologyKey":"role"}]} }""", "")]
    [InlineData("", ""","affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"labelSelector":{"matchExpressions":[{"key":"app","operator":"In","values":["other"]}]},"namespaceSelector":{},"topologyKey":"role"}]} }""", "w1: podAntiAffinity of the pod keeps it away from Pod/media/other")]
    [InlineData("", ""","affinity":{"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"labelSelector":{"matchLabels":{"app":"other"} },"topologyKey":"role"}]} }""", "w2: no pod is there that podAffinity asks for (app=other)")]
    [InlineData("", ""","affinity":{"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"labelSelector":{"matchLabels":{"app":"sonarr"} },"topologyKey":"role"}]} }""", "")]
    public void The_pods_that_are_there_have_something_against_it(string port, string spec, string expected)
    {
        var words = Neighbours(port, spec, """{"containers":[{"name":"app","ports":[{"hostPort":8096,"containerPort":8096}]}],"nodeName":"w1"}""").Words;
        Assert.Equal(expected, words);
    }

    [Fact]
    public void So_have_those_that_want_to_be_alone() => Assert.Equal(
        "w1: podAntiAffinity of Pod/media/other keeps the pod away",
        Neighbours("", "", """{"nodeName":"w1","affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"labelSelector":{"matchLabels":{"app":"sonarr"} },"topologyKey":"role"}]} } }""").Words);

    private static PodProblem Neighbours(string port, string spec, string other)
    {
        PodFacts[] pods =
        [
            Pod("sonarr", $$"""{"containers":[{"name":"app","ports":[{{port}}]}]{{spec}}}"""),
            Pod("other", other),
        ];
        return new SchedulingExplainer(new() { Cluster = Made.Cluster, Pods = pods, Nodes = [Node("w1", ""), Node("w2", "")] }).Explain(pods[0]);
    }

    private static PodFacts Pod(string name, string spec) => new(
        Made.Of(DiagnosisWireContext.Default.DiagnosedPodWire, $$$"""{"metadata":{"name":"{{{name}}}","namespace":"media","labels":{"app":"{{{name}}}"} },"spec":{{{spec}}},"status":{"phase":"Pending"} }"""),
        new(Made.Cluster, "Pod", "media", name),
        null);

    private static PodProblem Explain(string spec, string memory, string place, string condition = "", string taint = "")
    {
        var pod = new PodFacts(
            Made.Of(DiagnosisWireContext.Default.DiagnosedPodWire, $$$"""
                {"metadata":{"name":"sonarr-1","namespace":"media"},"spec":{"containers":[{"name":"app","resources":{"requests":{"memory":"{{{memory}}}"} } }]{{{spec}}}},"status":{"phase":"Pending"} }
                """),
            new(Made.Cluster, "Pod", "media", "sonarr-1"),
            null);
        var phase = place == "unbound" ? "Pending" : "Bound";
        ClaimWire[] claims = place.Length == 0 ? [] : [Made.Of(VolumeWireContext.Default.ClaimWire, $$$"""{"metadata":{"name":"sonarr-config","namespace":"media"},"spec":{"volumeName":"pv"},"status":{"phase":"{{{phase}}}"} }""")];
        VolumeWire[] volumes = place is not ("elsewhere" or "w1") ? [] : [Made.Of(VolumeWireContext.Default.VolumeWire, $$$"""
            {"metadata":{"name":"pv"},"spec":{"nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"role","operator":"In","values":["{{{place}}}"]}]}]} } } }
            """)];
        NodeWire[] nodes = [Node("w1", condition, taint), Node("w2", condition)];
        return new SchedulingExplainer(new() { Cluster = Made.Cluster, Pods = [pod], Nodes = nodes, Storage = VolumeFacts.Of(claims, volumes, null, nodes, null) }).Explain(pod);
    }

    private static NodeWire Node(string name, string condition, string taint = "") => Made.Of(WireContext.Default.NodeWire, $$$"""
        {"metadata":{"name":"{{{name}}}","labels":{"role":"{{{name}}}"} },"spec":{"taints":[{{{(taint.Length > 0 ? $"{{\"key\":\"{taint}\",\"value\":\"gpu\",\"effect\":\"NoSchedule\"}}" : "")}}}]},"status":{"allocatable":{"cpu":"4","memory":"8Gi"},"conditions":[{"type":"Ready","status":"True"}{{{(condition.Length > 0 ? "," + condition : "")}}}]} }
        """);
}
